package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.InferenceException;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which models are batched, and what becomes of those that answer otherwise than they should. */
@Timeout(60)
class BatchingRefusalTest {

    private static final BatchingConfig FOUR_AT_ONCE = BatchingConfig.builder()
            .delay(Duration.ofDays(1))
            .aloneBelow(Duration.ZERO)
            .maxItems(4)
            .concurrentRuns(1)
            .build();

    @TempDir
    Path directory;

    private ScriptedModel doubling(Function<NamedValues, Map<String, Value>> answer) {
        return new ScriptedModel(
                List.of(tensor("x", DataType.FLOAT, -1, 2)), List.of(tensor("y", DataType.FLOAT, -1, 2)), answer);
    }

    private static Map<String, Value> doubled(NamedValues inputs) {
        float[] values = inputs.tensor("x").toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] *= 2;
        }
        return Map.of("y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
    }

    private Kitchen open(ScriptedModel model) throws IOException {
        Path file = Files.writeString(directory.resolve("m.scripted"), "");
        return Kitchen.builder()
                .models(file)
                .backend(model)
                .endpoint("m", EndpointOptions.builder().batching(FOUR_AT_ONCE).build())
                .open();
    }

    private static Tensor row(int number) {
        return Tensor.of(new float[] {number, 1}, 1, 2);
    }

    private static void requireDoubled(Endpoint endpoint, int number) {
        assertThat(endpoint.predict("x", row(number)).tensor("y").toFloatArray())
                .containsExactly(2f * number, 2f);
    }

    @Test
    void oneBadRowFailsAlone() throws Exception {
        ScriptedModel model = doubling(inputs -> {
            for (float value : inputs.tensor("x").toFloatArray()) {
                if (value == 13) {
                    throw new InferenceException("13");
                }
            }
            return doubled(inputs);
        });
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("m");

            Callers.run(4, caller -> {
                if (caller == 2) {
                    assertThatThrownBy(() -> endpoint.predict("x", row(13))).isInstanceOf(InferenceException.class);
                } else {
                    requireDoubled(endpoint, caller);
                }
            });

            assertThat(endpoint.batchingRefusal()).isEmpty();
        }
    }

    @Test
    void rowsThatDependOnOneAnotherAreNotBatched() throws Exception {
        ScriptedModel sums = doubling(inputs -> {
            float[] values = inputs.tensor("x").toFloatArray();
            for (int i = 2; i < values.length; i++) {
                values[i] += values[i - 2] / 1000;
            }
            return Map.of("y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
        });
        try (Kitchen kitchen = open(sums)) {
            Endpoint endpoint = kitchen.endpoint("m");

            assertThat(endpoint.batchingRefusal())
                    .hasValueSatisfying(it -> assertThat(it)
                            .startsWith("output 'y' of row 1 in a batch of 2 is not what it is alone: element 0 is "));
            assertThat(endpoint.predict("x", row(1)).tensor("y")).isEqualTo(row(1));
        }
    }

    /** The answer of a model of independent rows, changed by what the test makes of all values together. */
    private ScriptedModel mixing(ToDoubleFunction<float[]> mix) {
        return doubling(inputs -> {
            float[] values = inputs.tensor("x").toFloatArray();
            float mixed = (float) mix.applyAsDouble(values);
            for (int i = 0; i < values.length; i++) {
                values[i] += mixed;
            }
            return Map.of("y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
        });
    }

    private void requireRefused(ScriptedModel model, String reason) throws IOException {
        try (Kitchen kitchen = open(model)) {
            assertThat(kitchen.endpoint("m").batchingRefusal())
                    .hasValueSatisfying(it -> assertThat(it).contains(reason));
        }
    }

    @Test
    void dependenceBetweenLargeValuesOnlyIsFound() throws Exception {
        requireRefused(
                mixing(values -> {
                    double largest = 10;
                    for (float value : values) {
                        largest = Math.max(largest, value);
                    }
                    return largest;
                }),
                "is not what it is alone");
    }

    @Test
    void dependenceInFullBatchesOnlyIsFound() throws Exception {
        requireRefused(mixing(values -> values.length >= 8 ? 1 : 0), "in a batch of 4 is not what it is alone");
    }

    @Test
    void aMixedColumnBesideAHugeOneIsFound() throws Exception {
        requireRefused(
                doubling(inputs -> {
                    float[] values = inputs.tensor("x").toFloatArray();
                    float first = values[1];
                    for (int i = 0; i < values.length; i += 2) {
                        values[i] = 1e7f + values[i];
                        values[i + 1] -= first;
                    }
                    return Map.of(
                            "y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
                }),
                "is not what it is alone: element 1 is ");
    }

    @Test
    void answersThatAreNotFiniteShowNothing() throws Exception {
        requireRefused(
                mixing(values -> Double.NaN),
                "it is not shown that its rows are independent: rows made up are not answered with finite numbers");
    }

    @Test
    void answersThatAreTheSameForAllRowsShowNothing() throws Exception {
        requireRefused(
                doubling(inputs -> Map.of("y", Tensor.of(new float[2 * inputs.rowCount()], inputs.rowCount(), 2))),
                "it is not shown that its rows are independent: output 'y' is the same for all rows made up");
    }

    @Test
    void aModelThatAnswersPositiveNumbersOnlyIsProvedWithThose() throws Exception {
        try (Kitchen kitchen = open(doubling(inputs -> {
            float[] values = inputs.tensor("x").toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sqrt(values[i]);
            }
            return Map.of("y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
        }))) {
            assertThat(kitchen.endpoint("m").batchingRefusal()).isEmpty();
        }
    }

    @Test
    void anAnswerThatReactsStronglyToItsInputsIsNotTakenForAMixedOne() throws Exception {
        ScriptedModel rounding = doubling(inputs -> {
            double rounded = inputs.rowCount() > 1 ? 1 + 1e-7 : 1;
            float[] values = inputs.tensor("x").toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(values[i] * rounded * 30);
            }
            return Map.of("y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
        });
        try (Kitchen kitchen = open(rounding)) {
            assertThat(kitchen.endpoint("m").batchingRefusal()).isEmpty();
        }
    }

    @Test
    void rowsThatAreMixedByStructureAreNotTried() throws Exception {
        ScriptedModel model = doubling(BatchingRefusalTest::doubled)
                .withRows(RowDependence.mixes("node 'm' (ReduceMean) reduces the first axis"));
        requireRefused(model, "its rows depend on one another: node 'm' (ReduceMean) reduces the first axis");
        assertThat(model.asked()).isEmpty();
    }

    @Test
    void rowsThatAreIndependentByStructureAreBatchedThoughATrialShowsNothing() throws Exception {
        ScriptedModel constant = doubling(inputs ->
                        Map.of("y", Tensor.of(new float[2 * inputs.rowCount()], inputs.rowCount(), 2)))
                .withRows(RowDependence.independent());
        try (Kitchen kitchen = open(constant)) {
            assertThat(kitchen.endpoint("m").batchingRefusal()).isEmpty();
        }
    }

    @Test
    void aTrialContradictsAStructureThatSeemsIndependent() throws Exception {
        requireRefused(mixing(values -> values[0]).withRows(RowDependence.independent()), "is not what it is alone");
    }

    @Test
    void aFixedFirstDimensionIsNotBatched() throws Exception {
        FakeBackend.writeModel(directory, "m", "tag");
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(new FakeBackend())
                .endpoint("m", EndpointOptions.builder().batching(FOUR_AT_ONCE).build())
                .open()) {
            assertThat(kitchen.endpoint("m").batchingRefusal())
                    .contains("its signature has 'tag: STRING [1]', expected a tensor with a dynamic first dimension");
            assertThat(kitchen.endpoint("m").predict("x", Models.x(1)).tensor("echo"))
                    .isEqualTo(Models.x(1));
        }
    }

    @Test
    void aModelThatTakesOneRowAtATimeIsNotBatched() throws Exception {
        ScriptedModel model = doubling(inputs -> {
            if (inputs.rowCount() > 1) {
                throw new InferenceException("one at a time");
            }
            return doubled(inputs);
        });
        try (Kitchen kitchen = open(model)) {
            assertThat(kitchen.endpoint("m").batchingRefusal())
                    .hasValueSatisfying(it -> assertThat(it)
                            .startsWith("it answers rows alone, but not at once: ")
                            .endsWith("one at a time"));
        }
    }

    @Test
    void anAnswerThatCannotBeSplitIsGivenToNobody() throws Exception {
        AtomicBoolean lies = new AtomicBoolean();
        ScriptedModel model = doubling(inputs -> {
            boolean short1 = lies.get() && inputs.rowCount() > 1;
            return doubled(short1 ? inputs.rows(0, inputs.rowCount() - 1) : inputs);
        });
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("m");
            lies.set(true);

            Callers.run(4, caller -> requireDoubled(endpoint, caller));

            assertThat(endpoint.batchingRefusal()).contains("output 'y' of 4 rows is [3, 2], expected a row for each");
            requireDoubled(endpoint, 5);
        }
    }

    @Test
    void aModelWhoseBatchesFailButNotItsRowsIsNoLongerBatched() throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        ScriptedModel model = doubling(inputs -> {
            if (fails.get() && inputs.rowCount() > 1) {
                throw new InferenceException("too many");
            }
            return doubled(inputs);
        });
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("m");
            fails.set(true);

            for (int i = 0; i < 3; i++) {
                Callers.run(4, caller -> requireDoubled(endpoint, caller));
            }
            // The batcher answers first, and notes what it thinks of that then.
            Waits.until(() -> endpoint.batchingRefusal().isPresent());

            assertThat(endpoint.batchingRefusal())
                    .hasValueSatisfying(it -> assertThat(it).startsWith("batches fail whose requests do not"));
        }
    }
}
