package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NeutralInputsTest {

    private static ModelSignature signature(ValueSpec... inputs) {
        return ModelSignature.of(List.of(inputs), List.of());
    }

    private static TensorSpec spec(DataType type, long... shape) {
        return new TensorSpec("x", type, Shape.of(shape));
    }

    @Test
    void fractionsAreZeroAndDynamicDimensionsOne() {
        NamedValues inputs = NeutralInputs.FIRST.of(signature(spec(DataType.FLOAT, -1, 2)));

        assertThat(inputs.value("x")).isEqualTo(Tensor.of(new float[2], 1, 2));
    }

    @Test
    void otherTypesHaveASecondChoice() {
        assertThat(first(DataType.INT64)).isEqualTo(Tensor.of(new long[] {1, 1}, 2));
        assertThat(second(DataType.INT64)).isEqualTo(Tensor.of(new long[] {0, 0}, 2));
        assertThat(first(DataType.INT8)).isEqualTo(Tensor.of(new byte[] {1, 1}, 2));
        assertThat(first(DataType.BOOL)).isEqualTo(Tensor.of(new boolean[] {true, true}, 2));
        assertThat(second(DataType.BOOL)).isEqualTo(Tensor.of(new boolean[] {false, false}, 2));
        assertThat(first(DataType.STRING)).isEqualTo(Tensor.ofStrings(new String[] {"", ""}, 2));
        assertThat(second(DataType.STRING)).isEqualTo(Tensor.ofStrings(new String[] {"0", "0"}, 2));
        assertThat(second(DataType.DOUBLE)).isEqualTo(first(DataType.DOUBLE));
    }

    private static Tensor first(DataType type) {
        return NeutralInputs.FIRST.of(signature(spec(type, 2))).tensor("x");
    }

    private static Tensor second(DataType type) {
        return NeutralInputs.SECOND.of(signature(spec(type, 2))).tensor("x");
    }

    @Test
    void knowsWhetherThereIsASecondChoice() {
        assertThat(NeutralInputs.haveSecond(signature(spec(DataType.FLOAT, 1)))).isFalse();
        assertThat(NeutralInputs.haveSecond(signature(spec(DataType.FLOAT, 1), spec(DataType.INT64, 1))))
                .isTrue();
        assertThat(NeutralInputs.haveSecond(signature(new OptionalSpec("o", spec(DataType.INT64, 1)))))
                .isFalse();
    }

    @Test
    void sequencesAndMapsAreEmptyAndWhatIsOptionalIsMissing() {
        NamedValues inputs = NeutralInputs.FIRST.of(signature(
                new SequenceSpec("s", spec(DataType.FLOAT, 1)),
                new MapSpec("m", DataType.STRING, DataType.FLOAT),
                new OptionalSpec("o", spec(DataType.FLOAT, 1))));

        assertThat(inputs.value("s")).isEqualTo(new SequenceValue(List.of()));
        assertThat(inputs.value("m")).isEqualTo(MapValue.of(DataType.STRING, DataType.FLOAT, Map.of()));
        assertThat(inputs.value("o")).isEqualTo(new EmptyOptional());
    }

    @Test
    void anUnknownRankIsOne() {
        TensorSpec unknown = new TensorSpec("x", DataType.FLOAT, Shape.UNKNOWN, List.of());

        assertThat(NeutralInputs.FIRST.of(signature(unknown)).tensor("x").shape())
                .isEqualTo(Shape.of(1));
    }

    @Test
    void inputsThatAreTooLargeAreNotMadeUp() {
        ModelSignature tooLarge = signature(spec(DataType.FLOAT, -1, (32L << 20) + 1));

        assertThatThrownBy(() -> NeutralInputs.FIRST.of(tooLarge))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("input 'x' has shape [-1, 33554433], expected one of at most 268435456 bytes to make up"
                        + " values for");
    }
}
