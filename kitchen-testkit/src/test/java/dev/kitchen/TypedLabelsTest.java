package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.Labels;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypedLabelsTest {

    private static final List<float[]> ROW = List.of(new float[] {0});
    private static final List<float[]> ROWS = List.of(new float[] {0}, new float[] {1});
    private static final Labels ABC = Labels.of("a", "b", "c");

    @TempDir
    Path directory;

    private final Map<String, Value> answer = new LinkedHashMap<>();
    private Kitchen kitchen;

    private <O> TypedEndpoint<float[], O> typed(OutputReader<O> reader, ValueSpec... outputs) throws IOException {
        close();
        kitchen = new ScriptedModel(List.of(tensor("x", DataType.FLOAT, -1, 1)), List.of(outputs), it -> answer)
                .open(directory);
        return kitchen.endpoint("m").typed(Features.ofRow(), reader);
    }

    @AfterEach
    void close() {
        if (kitchen != null) {
            kitchen.close();
        }
    }

    private static final ValueSpec SCORES = tensor("p", DataType.FLOAT, -1, 3);
    private static final ValueSpec CLASSES = tensor("label", DataType.INT64, -1);

    private static ValueSpec maps(DataType keys) {
        return new SequenceSpec("maps", new MapSpec("", keys, DataType.FLOAT));
    }

    @Test
    void theGreatestScoreOfEachRowIsItsLabel() throws IOException {
        answer.put("p", Tensor.ofRows(new float[][] {{0.1f, 0.2f, 0.7f}, {0.5f, 0.5f, 0}}));
        assertThat(typed(ABC, SCORES).predictAll(ROWS)).containsExactly("c", "a");

        answer.put("p", Tensor.ofRows(new double[][] {{-3, -1, -2}, {0, 1e-300, Double.POSITIVE_INFINITY}}));
        assertThat(typed(ABC, tensor("p", DataType.DOUBLE, -1, -1)).predictAll(ROWS))
                .containsExactly("b", "c");
    }

    @Test
    void scoresComeBeforeTheModelsOwnAnswer() throws IOException {
        answer.put("p", Tensor.ofRows(new float[][] {{0, 1, 0}}));
        answer.put("label", Tensor.of(new long[] {2}, 1));

        TypedEndpoint<float[], String> typed = typed(ABC, CLASSES, SCORES);

        assertThat(typed.predictAll(ROW)).containsExactly("b");
        assertThat(typed.predictWithDetails(ROW.get(0)).prediction().outputs().names())
                .containsExactly("p");
        assertThat(typed(ABC.from("label"), CLASSES, SCORES).predictAll(ROW)).containsExactly("c");
        assertThat(typed(ABC, CLASSES, SCORES).describe()).endsWith("out  p: FLOAT [-1, 3] -> greatest of [a, b, c]");
    }

    @Test
    void mapsOfScoresAreReadByKey() throws IOException {
        answer.put("maps", maps(Map.of("a", 0.1f, "c", 0.2f, "b", 0.9f), Map.of("a", 1f, "b", 0f, "c", 0f)));
        assertThat(typed(Labels.of("c", "b", "a"), maps(DataType.STRING)).predictAll(ROWS))
                .containsExactly("b", "a");
        assertThat(typed(Scores.of("maps"), maps(DataType.STRING)).predictAll(ROWS))
                .containsExactly(new float[] {0.1f, 0.9f, 0.2f}, new float[] {1, 0, 0});

        answer.put("maps", maps(Map.of(10L, 0.1f, 20L, 0.2f, 30L, 0.9f), Map.of(10L, 0f, 20L, -1f, 30L, -2f)));
        assertThat(typed(ABC, maps(DataType.INT64)).predictAll(ROWS)).containsExactly("c", "a");
    }

    private static SequenceValue maps(Map<?, ?> first, Map<?, ?> second) {
        DataType keys = first.keySet().iterator().next() instanceof String ? DataType.STRING : DataType.INT64;
        return new SequenceValue(
                List.of(MapValue.of(keys, DataType.FLOAT, first), MapValue.of(keys, DataType.FLOAT, second)));
    }

    @Test
    void classesAreCountedOrNamed() throws IOException {
        answer.put("label", Tensor.of(new int[] {2, 0}, 2, 1));
        assertThat(typed(ABC, tensor("label", DataType.INT32, -1, 1)).predictAll(ROWS))
                .containsExactly("c", "a");

        answer.put("label", Tensor.ofStrings(new String[] {"b", "a"}, 2));
        assertThat(typed(ABC, tensor("label", DataType.STRING, -1)).predictAll(ROWS))
                .containsExactly("b", "a");
    }

    @Test
    void aNanIsAnErrorAndNeverALabel() throws IOException {
        answer.put("p", Tensor.ofRows(new float[][] {{0, 1, 0}, {1, 0, Float.NaN}}));
        TypedEndpoint<float[], String> scores = typed(ABC, SCORES);
        assertThatThrownBy(() -> scores.predictAll(ROWS))
                .isInstanceOf(InferenceException.class)
                .hasMessage("endpoint 'm', version '1': output 'p', row 1: the score of 'c' is NaN");

        answer.put("maps", maps(Map.of("a", Float.NaN, "b", 1f, "c", 0f), Map.of("a", 1f, "b", 0f, "c", 0f)));
        TypedEndpoint<float[], String> maps = typed(ABC, maps(DataType.STRING));
        assertThatThrownBy(() -> maps.predictAll(ROWS))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("output 'maps', row 0: the score of 'a' is NaN");
    }

    @Test
    void anAnswerThatIsNoLabelIsAnError() throws IOException {
        answer.put("label", Tensor.of(new long[] {3}, 1));
        TypedEndpoint<float[], String> counted = typed(ABC, CLASSES);
        assertThatThrownBy(() -> counted.predict(ROW.get(0)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("output 'label' is class 3, expected 0 to 2");

        answer.put("label", Tensor.ofStrings(new String[] {"d\n"}, 1));
        TypedEndpoint<float[], String> named = typed(ABC, tensor("label", DataType.STRING, -1));
        assertThatThrownBy(() -> named.predict(ROW.get(0)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("the class 'd\\n', expected one of [a, b, c]");
    }

    @Test
    void aNumberOfLabelsThatIsNotTheModelsFailsAtOnceWhereItIsKnown() throws IOException {
        assertThatThrownBy(() -> typed(Labels.of("a", "b"), SCORES))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("2 labels cannot be read from [p: FLOAT [-1, 3]]");

        answer.put("p", Tensor.ofRows(new float[][] {{0, 1, 0}}));
        TypedEndpoint<float[], String> typed = typed(Labels.of("a", "b"), tensor("p", DataType.FLOAT, -1, -1));
        assertThatThrownBy(() -> typed.predict(ROW.get(0)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("output 'p' has shape [1, 3] for 2 labels");

        answer.put("maps", maps(Map.of("a", 1f, "b", 0f, "c", 0f), Map.of("a", 1f, "b", 0f, "c", 0f)));
        TypedEndpoint<float[], String> maps = typed(Labels.of("a", "b"), maps(DataType.STRING));
        assertThatThrownBy(() -> maps.predictAll(ROWS))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("output 'maps' has 3 classes for 2 labels");
    }

    @Test
    void severalOutputsThatCouldServeAreNamed() throws IOException {
        ValueSpec[] both = {SCORES, tensor("q", DataType.FLOAT, -1, 3), tensor("wide", DataType.FLOAT, -1, 128)};
        answer.put("q", Tensor.ofRows(new float[][] {{0, 1, 0}}));

        assertThatThrownBy(() -> typed(ABC, both))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("several outputs, [p: FLOAT [-1, 3], q: FLOAT [-1, 3]]")
                .hasMessageContaining(".from(\"p\")");
        assertThat(typed(ABC.from("q"), both).predictAll(ROW)).containsExactly("b");
        assertThatThrownBy(() -> typed(ABC.from("r"), both)).hasMessageContaining("no output 'r'");
        assertThatThrownBy(() -> typed(ABC.from("wide"), both))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("wide");
    }

    @Test
    void outputsOfAnotherNumberOfRowsAreNobodysAnswer() throws IOException {
        answer.put("p", Tensor.ofRows(new float[][] {{0, 1, 0}}));
        answer.put("maps", new SequenceValue(List.of()));

        TypedEndpoint<float[], String> labels = typed(ABC, SCORES);
        assertThatThrownBy(() -> labels.predictAll(ROWS))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("output 'p' has shape [1, 3] for 2 rows");
        TypedEndpoint<float[], float[]> scores = typed(Scores.of("p"), SCORES);
        assertThatThrownBy(() -> scores.predictAll(ROWS)).isInstanceOf(InferenceException.class);
        TypedEndpoint<float[], String> maps = typed(ABC, maps(DataType.INT64));
        assertThatThrownBy(() -> maps.predict(ROW.get(0)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("expected 1 maps");
    }

    @Test
    void labelsAreOneOrMoreEachOnce() {
        assertThatThrownBy(() -> Labels.of()).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Labels.of("a", "b", "a"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("[a, b, a]");
    }

    @Test
    void scoresAreFloatsRowByRow() throws IOException {
        answer.put("p", Tensor.ofRows(new float[][] {{0, 1, Float.NaN}, {3, 4, 5}}));
        answer.put("price", Tensor.of(new float[] {7, 8}, 2));

        assertThat(typed(Scores.of("p"), SCORES).predictAll(ROWS))
                .containsExactly(new float[] {0, 1, Float.NaN}, new float[] {3, 4, 5});
        assertThat(typed(Scores.of("price"), tensor("price", DataType.FLOAT, -1))
                        .predictAll(ROWS))
                .containsExactly(new float[] {7}, new float[] {8});
        assertThatThrownBy(() -> typed(Scores.of("label"), CLASSES))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("label: INT64 [-1]");
    }
}
