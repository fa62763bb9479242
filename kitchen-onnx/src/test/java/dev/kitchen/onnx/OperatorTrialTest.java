package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every operator with odd shapes, values and attributes, beside ONNX Runtime's own Java API: the same answer, or a typed
 * error; the process never ends. The system property {@code kitchen.operator.trials} is the number of trials, and
 * {@code kitchen.operator.record} a directory in which outcomes are kept from one run to the next.
 */
@Tag("proof")
@Timeout(value = 3, unit = TimeUnit.HOURS)
class OperatorTrialTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorTrialTest.class);
    private static final int TRIALS = Integer.getInteger("kitchen.operator.trials", 20_000);
    private static final Set<String> REPORTED = Set.of("CRASH", "HANG", "UNTYPED", "another answer");
    private static final int FIRST = Integer.getInteger("kitchen.operator.first", 0);

    @TempDir
    Path directory;

    @Test
    void noOperatorEndsTheProcess() throws Exception {
        Map<Integer, OperatorTrials.Outcome> raw = trials("RAW");
        List<String> apis = Runtime.version().feature() < 22 ? List.of("JAVA") : List.of("JAVA", "C");

        for (String api : apis) {
            Map<String, Integer> counts = counts(raw, trials(api));

            LOGGER.warn("operator trials, JDK {}, API {}: {}", Runtime.version().feature(), api, counts);
            assertThat(counts).doesNotContainKeys("CRASH", "HANG", "UNTYPED").containsKey("same answer");
        }
    }

    private Map<Integer, OperatorTrials.Outcome> trials(String api) throws Exception {
        String kept = System.getProperty("kitchen.operator.record");
        Path records = kept == null ? directory : Files.createDirectories(Path.of(kept));
        String name = api.equals("RAW") ? api : api + Runtime.version().feature();
        return new OperatorTrials(api, directory, records.resolve(name + ".txt")).run(FIRST, FIRST + TRIALS);
    }

    private static Map<String, Integer> counts(
            Map<Integer, OperatorTrials.Outcome> raw, Map<Integer, OperatorTrials.Outcome> kitchen) {
        Map<String, List<OperatorSeed>> seeds = OperatorTrial.seeds();
        Map<String, Integer> counts = new TreeMap<>();
        raw.forEach((number, expected) -> {
            for (String outcome : outcomes(expected, kitchen.get(number))) {
                counts.merge(outcome, 1, Integer::sum);
                if (REPORTED.contains(outcome)) {
                    LOGGER.warn("{}, trial {}: {}", outcome, number, new OperatorTrial(seeds, number).describe());
                }
            }
        });
        return counts;
    }

    private static List<String> outcomes(OperatorTrials.Outcome raw, OperatorTrials.Outcome kitchen) {
        if (kitchen.end() != OperatorTrials.End.LIVED) {
            return List.of(kitchen.end() == OperatorTrials.End.DIED ? "CRASH" : "HANG");
        }
        if (kitchen.steps().stream().anyMatch(step -> step.contains("untyped"))) {
            return List.of("UNTYPED");
        }
        if (raw.end() != OperatorTrials.End.LIVED) {
            return List.of("ONNX Runtime dies or hangs");
        }
        if (!kitchen.loaded()) {
            return List.of(raw.loaded() ? "only Kitchen refuses to load" : "both refuse to load");
        }
        return java.util.stream.IntStream.range(
                        1, Math.min(raw.steps().size(), kitchen.steps().size()))
                .mapToObj(i -> outcome(raw.steps().get(i), kitchen.steps().get(i)))
                .toList();
    }

    private static String outcome(String raw, String kitchen) {
        boolean rawAnswers = raw.startsWith("run answer");
        boolean kitchenAnswers = kitchen.startsWith("run answer");
        if (rawAnswers && kitchenAnswers) {
            return raw.equals(kitchen) || raw.contains("unknown") ? "same answer" : "another answer";
        }
        if (rawAnswers) {
            return "only Kitchen refuses";
        }
        return kitchenAnswers ? "only Kitchen answers" : "both refuse";
    }
}
