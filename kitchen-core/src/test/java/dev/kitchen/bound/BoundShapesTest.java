package dev.kitchen.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BoundShapesTest {

    private static TensorSpec spec(String name, Shape shape, String... dimensions) {
        return new TensorSpec(name, DataType.FLOAT, shape, List.of(dimensions));
    }

    private static ModelSignature signature(List<ValueSpec> inputs, ValueSpec... outputs) {
        return ModelSignature.of(inputs, List.of(outputs));
    }

    private static BoundShapes bound(ModelSignature signature, Map<String, Shape> given) {
        return new BoundShapes("m", signature, 4, given);
    }

    private static void refuses(ThrowingCallable binding, String message) {
        assertThatThrownBy(binding).isInstanceOf(InvalidRequestException.class).hasMessage("m: " + message);
    }

    @Test
    void theFirstDimensionIsTheBatch() {
        ModelSignature signature =
                signature(List.of(spec("x", Shape.of(-1, 2), "", "")), spec("y", Shape.of(-1, 3), "", ""));

        BoundShapes bound = bound(signature, Map.of());

        assertThat(bound.inputs()).containsExactly(new TensorSpec("x", DataType.FLOAT, Shape.of(4, 2)));
        assertThat(bound.outputs()).containsExactly(new TensorSpec("y", DataType.FLOAT, Shape.of(4, 3)));
        assertThat(bound).hasToString("[x: FLOAT [4, 2]] -> [y: FLOAT [4, 3]]");
    }

    @Test
    void dimensionsOfTheSameNameHaveTheSameSize() {
        ModelSignature signature = signature(
                List.of(spec("x", Shape.of(-1, -1), "rows", "columns"), spec("z", Shape.of(-1), "columns")),
                spec("y", Shape.of(-1, -1), "rows", "columns"));

        BoundShapes bound = bound(signature, Map.of("x", Shape.of(2, 7)));

        assertThat(bound.inputs()).extracting(TensorSpec::shape).containsExactly(Shape.of(2, 7), Shape.of(7));
        assertThat(bound.outputs()).extracting(TensorSpec::shape).containsExactly(Shape.of(2, 7));
    }

    @Test
    void aSizeThatIsForeseenHoldsForOutputsToo() {
        ModelSignature signature =
                signature(List.of(spec("x", Shape.of(-1), "length")), spec("y", Shape.of(2, -1), "", "length"));

        assertThat(bound(signature, Map.of()).outputs())
                .extracting(TensorSpec::shape)
                .containsExactly(Shape.of(2, 4));
    }

    @Test
    void anInputsShapeHasToBeKnown() {
        refuses(
                () -> bound(signature(List.of(spec("x", Shape.of(-1, -1), "", "columns"))), Map.of()),
                "input 'x' is x: FLOAT [-1, columns], expected a shape for it: bind(Map.of(\"x\", Shape.of(...)))");
        refuses(
                () -> bound(signature(List.of(spec("x", Shape.UNKNOWN))), Map.of()),
                "input 'x' is x: FLOAT " + Shape.UNKNOWN
                        + ", expected a shape for it: bind(Map.of(\"x\", Shape.of(...)))");
    }

    @Test
    void anOutputsNeedNotBeAndMayBeGivenOtherwise() {
        ModelSignature signature = signature(
                List.of(spec("x", Shape.of(-1), "")),
                spec("y", Shape.of(-1, -1), "", ""),
                new TensorSpec("text", DataType.STRING, Shape.of(-1)),
                new MapSpec("map", DataType.STRING, DataType.FLOAT));

        assertThat(bound(signature, Map.of()).outputs()).isEmpty();
        assertThat(bound(signature, Map.of("y", Shape.of(9))).outputs())
                .containsExactly(new TensorSpec("y", DataType.FLOAT, Shape.of(9)));
        refuses(
                () -> bound(signature, Map.of("y", Shape.of(-1, 9))),
                "'y' is to be bound with shape [-1, 9], expected all dimensions known");
    }

    @Test
    void aGivenShapeFitsItsInput() {
        ModelSignature signature = signature(List.of(spec("x", Shape.of(-1, 2), "", "")));

        refuses(
                () -> bound(signature, Map.of("x", Shape.of(1, 3))),
                "'x' is to be bound with shape [1, 3], expected [-1, 2] with all dimensions known");
        refuses(
                () -> bound(signature, Map.of("x", Shape.of(-1, 2))),
                "'x' is to be bound with shape [-1, 2], expected [-1, 2] with all dimensions known");
        refuses(
                () -> bound(signature, Map.of("z", Shape.of(1))),
                "shapes are given for [z], which the model does not have, expected some of [x]");
    }

    @Test
    void onlyTensorsOfNumbersAreBoundThatAreNotTooLarge() {
        refuses(
                () -> bound(signature(List.of(new TensorSpec("x", DataType.STRING, Shape.of(1)))), Map.of()),
                "input 'x' is x: STRING [1], expected a tensor of numbers; use predict");
        refuses(
                () -> bound(signature(List.of(new MapSpec("x", DataType.STRING, DataType.FLOAT))), Map.of()),
                "input 'x' is x: map from STRING to FLOAT, expected a tensor of numbers; use predict");
        refuses(
                () -> bound(signature(List.of(spec("x", Shape.of(-1, 1L << 30), "", ""))), Map.of()),
                "'x' is to be bound with shape [4, 1073741824], which is too large");
    }

    @Test
    void inputsWithADefaultAreBoundWhereTheyAreGiven() {
        TensorSpec optional = spec("bias", Shape.of(1), "");
        ModelSignature signature =
                new ModelSignature(List.of(spec("x", Shape.of(-1), "")), List.of(optional), List.of());

        assertThat(bound(signature, Map.of()).inputs())
                .extracting(TensorSpec::name)
                .containsExactly("x");
        assertThat(bound(signature, Map.of("bias", Shape.of(1))).inputs())
                .extracting(TensorSpec::name)
                .containsExactly("x", "bias");
    }

    @Test
    void areEqualWhereInputsAndOutputsAre() {
        ModelSignature signature = signature(List.of(spec("x", Shape.of(-1), "")), spec("y", Shape.of(-1), ""));
        ModelSignature otherOutput = signature(List.of(spec("x", Shape.of(-1), "")), spec("z", Shape.of(-1), ""));
        BoundShapes bound = bound(signature, Map.of());

        assertThat(bound(signature, Map.of())).isEqualTo(bound).hasSameHashCodeAs(bound);
        assertThat(bound(signature, Map.of("x", Shape.of(5)))).isNotEqualTo(bound);
        assertThat(bound(otherOutput, Map.of())).isNotEqualTo(bound).doesNotHaveSameHashCodeAs(bound);
        assertThat(bound).isNotEqualTo("shapes");
    }
}
