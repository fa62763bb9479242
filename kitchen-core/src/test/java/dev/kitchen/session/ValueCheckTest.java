package dev.kitchen.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValueCheckTest {

    private static final ValueSpec TENSOR = new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 2));
    private static final ValueSpec MAP = new MapSpec("m", DataType.STRING, DataType.FLOAT);
    private static final ValueSpec SEQUENCE =
            new SequenceSpec("s", new TensorSpec("", DataType.FLOAT, Shape.of(-1, 2)));
    private static final ValueSpec OPTIONAL = new OptionalSpec("o", TENSOR);

    private static final Tensor FITS = Tensor.of(new float[] {1, 2}, 1, 2);
    private static final Tensor OTHER_TYPE = Tensor.of(new long[] {1, 2}, 1, 2);
    private static final Tensor OTHER_SHAPE = Tensor.of(new float[] {1, 2, 3}, 1, 3);
    private static final Value SCORES = MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 1f));
    private static final Value OTHER_KEYS = MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 1f));
    private static final Value OTHER_VALUES = MapValue.of(DataType.STRING, DataType.INT64, Map.of("a", 1L));

    private static void fits(ValueSpec spec, Value value) {
        assertThat(ValueCheck.fits(spec, value)).isTrue();
    }

    private static void differs(ValueSpec spec, Value value, String difference) {
        assertThat(ValueCheck.fits(spec, value)).isFalse();
        assertThat(ValueCheck.difference(spec, value)).isEqualTo(difference);
    }

    @Test
    void tensorsHaveATypeAndAShape() {
        fits(TENSOR, FITS);
        differs(TENSOR, OTHER_TYPE, "has type INT64, expected FLOAT");
        differs(TENSOR, OTHER_SHAPE, "has shape [1, 3], expected [-1, 2]");
        differs(TENSOR, SCORES, "is a map from STRING to FLOAT, expected a tensor");
        differs(TENSOR, new SequenceValue(List.of()), "is a sequence, expected a tensor");
        differs(TENSOR, new EmptyOptional(), "is empty, expected a tensor");
    }

    @Test
    void mapsHaveKeysAndValuesOfATypeEach() {
        fits(MAP, SCORES);
        differs(MAP, OTHER_KEYS, "is a map from INT64 to FLOAT, expected m: map from STRING to FLOAT");
        differs(MAP, OTHER_VALUES, "is a map from STRING to INT64, expected m: map from STRING to FLOAT");
        differs(MAP, FITS, "is a tensor, expected m: map from STRING to FLOAT");
    }

    @Test
    void allElementsOfASequenceFit() {
        fits(SEQUENCE, new SequenceValue(List.of()));
        fits(SEQUENCE, new SequenceValue(List.of(FITS, FITS)));
        differs(SEQUENCE, new SequenceValue(List.of(FITS, OTHER_TYPE)), "at element 1 has type INT64, expected FLOAT");
        differs(SEQUENCE, FITS, "is a tensor, expected a sequence");
    }

    @Test
    void whatIsOptionalMayBeMissing() {
        fits(OPTIONAL, new EmptyOptional());
        fits(OPTIONAL, FITS);
        differs(OPTIONAL, OTHER_SHAPE, "has shape [1, 3], expected [-1, 2]");
    }
}
