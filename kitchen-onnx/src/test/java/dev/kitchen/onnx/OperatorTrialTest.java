package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every operator with odd shapes, values and attributes, beside ONNX Runtime's own Java API: the same answer, or a typed
 * error; the process never ends. The number of trials is the system property {@code kitchen.operator.trials}.
 */
@Tag("proof")
class OperatorTrialTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorTrialTest.class);
    private static final int TRIALS = Integer.getInteger("kitchen.operator.trials", 20_000);
    private static final int FIRST = Integer.getInteger("kitchen.operator.first", 0);

    @TempDir
    Path directory;

    @Test
    void noOperatorEndsTheProcess() throws Exception {
        Map<Integer, OperatorTrials.Outcome> raw = trials("RAW");
        List<String> roads = Runtime.version().feature() < 22 ? List.of("JAVA") : List.of("JAVA", "C");

        for (String road : roads) {
            Map<String, Integer> counts = counts(raw, trials(road));

            LOGGER.warn(
                    "operator trials, JDK {}, road {}: {}", Runtime.version().feature(), road, counts);
            assertThat(counts).doesNotContainKeys("CRASH", "UNTYPED").containsKey("same answer");
        }
    }

    private Map<Integer, OperatorTrials.Outcome> trials(String road) throws Exception {
        Path own = Files.createDirectories(directory.resolve(road));
        return new OperatorTrials(road, own).run(FIRST, FIRST + TRIALS);
    }

    private static Map<String, Integer> counts(
            Map<Integer, OperatorTrials.Outcome> raw, Map<Integer, OperatorTrials.Outcome> kitchen) {
        Map<String, List<OperatorSeed>> seeds = OperatorTrial.seeds();
        Map<String, Integer> counts = new TreeMap<>();
        raw.forEach((number, expected) -> {
            for (String outcome : outcomes(expected, kitchen.get(number))) {
                counts.merge(outcome, 1, Integer::sum);
                if (outcome.equals("CRASH") || outcome.equals("UNTYPED") || outcome.equals("another answer")) {
                    LOGGER.warn("{}, trial {}: {}", outcome, number, new OperatorTrial(seeds, number).describe());
                }
            }
        });
        return counts;
    }

    private static List<String> outcomes(OperatorTrials.Outcome raw, OperatorTrials.Outcome kitchen) {
        if (kitchen == null || kitchen.died()) {
            return List.of("CRASH");
        }
        if (kitchen.steps().stream().anyMatch(step -> step.contains("untyped"))) {
            return List.of("UNTYPED");
        }
        if (raw.died()) {
            return List.of("ONNX Runtime dies");
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
