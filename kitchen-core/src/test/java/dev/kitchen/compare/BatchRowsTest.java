package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchRowsTest {

    @Test
    void repeatsRowsAgainAndAgain() {
        Tensor rows = Tensor.ofRows(new int[][] {{1, 2}, {3, 4}});

        assertThat(BatchRows.repeat(rows, 5)).isEqualTo(Tensor.ofRows(new int[][] {
            {1, 2}, {3, 4}, {1, 2}, {3, 4}, {1, 2}
        }));
        assertThat(BatchRows.repeat(rows, 1)).isEqualTo(Tensor.ofRows(new int[][] {{1, 2}}));
        assertThat(BatchRows.repeat(Tensor.ofStrings(new String[] {"a", "b"}, 2), 3))
                .isEqualTo(Tensor.ofStrings(new String[] {"a", "b", "a"}, 3));
        assertThat(BatchRows.repeat(Tensor.of(new float[0], 1, 0), 3)).isEqualTo(Tensor.of(new float[0], 3, 0));
    }

    @Test
    void countsTheRowsThatAllHaveInCommon() {
        Tensor two = Tensor.ofRows(new int[][] {{1}, {2}});

        assertThat(BatchRows.count(NamedValues.of(Map.of("a", two, "b", two)))).contains(2);
        assertThat(BatchRows.count(NamedValues.of(Map.of("a", two, "b", Tensor.of(new float[] {1}, 1)))))
                .isEmpty();
        assertThat(BatchRows.count(NamedValues.of("a", Tensor.of(new float[] {1}))))
                .isEmpty();
        assertThat(BatchRows.count(NamedValues.of("a", Tensor.of(new float[0], 0, 3))))
                .isEmpty();
        assertThat(BatchRows.count(NamedValues.of(Map.of()))).isEmpty();
    }

    @Test
    void refusesBatchesThatAreAnAccident() {
        Tensor wide = Tensor.of(new float[1 << 16], 1, 1 << 16);

        assertThatThrownBy(() -> BatchRows.repeat(wide, 65_536))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("a batch of 65536 rows of 65536 elements");
    }

    @Test
    void repeatsEveryValueAndSequencesToo() {
        Tensor row = Tensor.ofRows(new int[][] {{1, 2}});
        Value score = MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 1f));
        Value other = MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 2f));

        assertThat(BatchRows.repeat(NamedValues.of("x", row), 2))
                .isEqualTo(NamedValues.of("x", Tensor.ofRows(new int[][] {{1, 2}, {1, 2}})));
        assertThat(BatchRows.repeat(new SequenceValue(List.of(score, other)), 3))
                .isEqualTo(new SequenceValue(List.of(score, other, score)));
    }

    @Test
    void aBatchMayHave256MebibytesOfEightByteElements() {
        Tensor row = Tensor.of(new byte[1 << 15], 1, 1 << 15);

        assertThat(BatchRows.repeat(row, 1 << 10).elementCount()).isEqualTo(1 << 25);
        assertThatThrownBy(() -> BatchRows.repeat(row, (1 << 10) + 1)).isInstanceOf(InvalidRequestException.class);
    }

    private static Optional<String> refusal(ValueSpec spec) {
        NamedValues inputs = NamedValues.of("x", Tensor.of(new float[] {1}, 1));
        return BatchRows.refusal(ModelSignature.of(List.of(spec), List.of()), inputs);
    }

    @Test
    void knowsWhichModelsTakeAnyNumberOfRows() {
        String words = "the model takes 'x: %s', expected a tensor with a dynamic first dimension";

        assertThat(refusal(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 2))))
                .isEmpty();
        assertThat(refusal(new TensorSpec("x", DataType.FLOAT, Shape.UNKNOWN, List.of())))
                .isEmpty();
        assertThat(refusal(new TensorSpec("x", DataType.FLOAT, Shape.of(1, -1))))
                .contains(words.formatted("FLOAT [1, -1]"));
        assertThat(refusal(new TensorSpec("x", DataType.FLOAT, Shape.SCALAR))).contains(words.formatted("FLOAT []"));
        assertThat(refusal(new MapSpec("x", DataType.STRING, DataType.FLOAT)))
                .contains(words.formatted("map from STRING to FLOAT"));
        assertThat(BatchRows.refusal(ModelSignature.of(List.of(), List.of()), NamedValues.of(Map.of())))
                .contains("there are no inputs, expected one with rows");
    }
}
