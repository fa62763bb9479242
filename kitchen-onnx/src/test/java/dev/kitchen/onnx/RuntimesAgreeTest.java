package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whichever API a question goes through, and whichever way it is asked there, every bit of the answer is the same. Operators,
 * types, shapes and elements are drawn by a seed that a failure names.
 */
class RuntimesAgreeTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(RuntimesAgreeTest.class);
    private static final List<RandomModel> MODELS = RandomModel.all();
    private static final int QUESTIONS = 4;

    /** What the Java API cannot make tensors of. */
    private static final Set<DataType> ONLY_BY_C = EnumSet.of(DataType.UINT16, DataType.UINT32, DataType.UINT64);

    @TempDir
    Path directory;

    private final Map<DataType, Integer> compared = new TreeMap<>();

    /** Every operator and type once: what the draw might miss. */
    @Test
    void everyOperatorOfEveryTypeAnswersAlikeByEveryApi() throws IOException {
        long seed = seed();
        for (int i = 0; i < MODELS.size(); i++) {
            compare(MODELS.get(i), seed + i);
        }
        report(MODELS.size());
    }

    @Test
    @Tag("proof")
    @Timeout(1200)
    void fiveThousandRandomModelsAnswerAlikeByEveryApi() throws IOException {
        long seed = seed();
        for (int i = 0; i < 5_000; i++) {
            compare(RandomModel.oneOf(MODELS, new SplittableRandom(seed + i)), seed + i);
        }
        report(5_000);
    }

    private static long seed() {
        return Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
    }

    private void report(int models) {
        LOGGER.warn("both APIs: {} models, answers compared by the type of their input: {}", models, compared);
        EnumSet<DataType> expected = EnumSet.allOf(DataType.class);
        if (!hasForeignRuntime()) {
            expected.removeAll(ONLY_BY_C);
        }
        assertThat(compared.keySet()).isEqualTo(expected);
    }

    private static boolean hasForeignRuntime() {
        return RuntimeChoice.foreign().api().isPresent();
    }

    private void compare(RandomModel model, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path file = model.write(directory);
        List<Kitchen> kitchens = new ArrayList<>();
        try {
            boolean wide = model.input() == DataType.STRING && hasForeignRuntime() && random.nextBoolean();
            for (Api api : apis(model.input(), wide)) {
                kitchens.add(Kitchen.builder()
                        .models(file)
                        .backend(new OnnxBackend(OnnxOptions.builder().api(api).build()))
                        .shutdownHook(false)
                        .open());
            }
            for (int i = 0; i < QUESTIONS && !kitchens.isEmpty(); i++) {
                long[] shape = {random.nextInt(9), random.nextInt(20)};
                Tensor question = model.input() == DataType.STRING
                        ? RandomTensors.strings(random, wide, shape)
                        : RandomTensors.numbers(model.input(), random, shape);
                compare(model, kitchens, question);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(model + " failed; repeat with -Dkitchen.fuzz.seed=" + seed, e);
        } finally {
            kitchens.forEach(Kitchen::close);
        }
    }

    /** The APIs that take such an input. */
    private static List<Api> apis(DataType input, boolean wideText) {
        List<Api> apis = new ArrayList<>();
        if (hasForeignRuntime()) {
            apis.add(Api.C);
        }
        if (!ONLY_BY_C.contains(input) && !wideText) {
            apis.add(Api.JAVA);
        }
        return apis;
    }

    private void compare(RandomModel model, List<Kitchen> kitchens, Tensor question) {
        List<Tensor> answers = new ArrayList<>();
        if (model.operator().equals("Identity")) {
            answers.add(question.owned());
        }
        for (Kitchen kitchen : kitchens) {
            Endpoint endpoint = kitchen.endpoint("random");
            answers.add(endpoint.predict("x", question).tensor("y"));
            answers.add(endpoint.predict("x", question.owned()).tensor("y"));
            if (question.type() != DataType.STRING) {
                answers.add(bound(endpoint, question, answers.get(0)));
            }
            answers.add(endpoint.predictAsync(Map.of("x", question)).join().tensor("y"));
        }
        for (Tensor answer : answers) {
            assertThat(answer).isEqualTo(answers.get(0));
            compared.merge(question.type(), 1, Integer::sum);
        }
    }

    private static Tensor bound(Endpoint endpoint, Tensor question, Tensor answer) {
        Map<String, Shape> shapes = answer.type() == DataType.STRING
                ? Map.of("x", question.shape())
                : Map.of("x", question.shape(), "y", answer.shape());
        try (BoundCall call = endpoint.bind(shapes)) {
            question.copyTo(call.input("x"));
            call.run();
            return (Tensor) call.value("y");
        }
    }
}
