package dev.kitchen.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureChangeTest {

    private static final ModelSignature CURRENT =
            ModelSignature.of(List.of(floats("x", -1, 30)), List.of(floats("score", -1, 1)));

    private static TensorSpec floats(String name, long... shape) {
        return new TensorSpec(name, DataType.FLOAT, Shape.of(shape));
    }

    private static TensorSpec shapeless(String name) {
        return new TensorSpec(name, DataType.FLOAT, Shape.UNKNOWN);
    }

    private static List<String> inputs(ValueSpec before, ValueSpec after) {
        return SignatureChange.between(
                        ModelSignature.of(List.of(before), List.of()), ModelSignature.of(List.of(after), List.of()))
                .problems();
    }

    private static List<String> outputs(ValueSpec before, ValueSpec after) {
        return SignatureChange.between(
                        ModelSignature.of(List.of(), List.of(before)), ModelSignature.of(List.of(), List.of(after)))
                .problems();
    }

    @Test
    void theSameSignatureIsCompatibleWhateverItsDimensionsAreCalled() {
        TensorSpec named = new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 30), List.of("batch", ""));
        ModelSignature next = ModelSignature.of(List.of(named), CURRENT.outputs());

        assertThat(SignatureChange.between(CURRENT, CURRENT).isCompatible()).isTrue();
        assertThat(SignatureChange.between(CURRENT, next).isCompatible()).isTrue();
    }

    @Test
    void namesEverythingThatCallersWouldNotice() {
        ModelSignature next = ModelSignature.of(
                List.of(floats("x", -1, 29), floats("mask", -1, 30)), List.of(floats("probability", -1, 1)));

        assertThat(SignatureChange.between(CURRENT, next).problems())
                .containsExactly(
                        "input 'x' is FLOAT [-1, 29], expected FLOAT [-1, 30]",
                        "input 'mask' is required, expected none of that name",
                        "output 'score' is not there, expected FLOAT [-1, 1]");
    }

    @Test
    void inputsMayTakeMoreShapesAndNotFewer() {
        assertThat(inputs(floats("x", 1, 4), floats("x", -1, 4))).isEmpty();
        assertThat(inputs(floats("x", 1, 4), shapeless("x"))).isEmpty();
        assertThat(inputs(floats("x", -1, 4), floats("x", 1, 4)))
                .containsExactly("input 'x' is FLOAT [1, 4], expected FLOAT [-1, 4]");
        assertThat(inputs(floats("x", 4), floats("x", -1, 4))).hasSize(1);
        assertThat(inputs(shapeless("x"), floats("x", -1, 4))).hasSize(1);
        assertThat(inputs(floats("x", 4), new TensorSpec("x", DataType.DOUBLE, Shape.of(4))))
                .containsExactly("input 'x' is DOUBLE [4], expected FLOAT [4]");
    }

    @Test
    void outputsKeepTheirTypeTheirRankAndWhatIsFixed() {
        assertThat(outputs(floats("y", 1, 3), floats("y", -1, 3))).isEmpty();
        assertThat(outputs(floats("y", -1, 3), floats("y", 1, 3))).isEmpty();
        assertThat(outputs(floats("y", -1, 3), shapeless("y"))).isEmpty();
        assertThat(outputs(floats("y", -1, 3), floats("y", -1, 4))).hasSize(1);
        assertThat(outputs(floats("y", -1, 3), floats("y", 3))).hasSize(1);
        assertThat(outputs(floats("y", 3), new TensorSpec("y", DataType.INT64, Shape.of(3))))
                .hasSize(1);
    }

    @Test
    void whatMayBeLeftOutMayBeNewAndMustStaySo() {
        ModelSignature withDefault =
                new ModelSignature(CURRENT.inputs(), List.of(floats("threshold", 1)), CURRENT.outputs());
        ModelSignature required =
                ModelSignature.of(List.of(floats("x", -1, 30), floats("threshold", 1)), CURRENT.outputs());
        ModelSignature optional = ModelSignature.of(
                List.of(floats("x", -1, 30), new OptionalSpec("threshold", floats("", 1))), CURRENT.outputs());

        assertThat(SignatureChange.between(CURRENT, withDefault).isCompatible()).isTrue();
        assertThat(SignatureChange.between(CURRENT, optional).isCompatible()).isTrue();
        assertThat(SignatureChange.between(required, withDefault).isCompatible())
                .isTrue();
        assertThat(SignatureChange.between(withDefault, required).problems())
                .containsExactly("input 'threshold' is required, expected a default");
        assertThat(SignatureChange.between(optional, required).problems())
                .containsExactly("input 'threshold' is FLOAT [1], expected optional FLOAT [1]");
        assertThat(SignatureChange.between(withDefault, CURRENT).problems())
                .containsExactly("input 'threshold' is not there, expected FLOAT [1]");
    }

    @Test
    void looksIntoSequencesMapsAndOptionals() {
        MapSpec scores = new MapSpec("", DataType.INT64, DataType.FLOAT);
        SequenceSpec rows = new SequenceSpec("p", scores);

        assertThat(outputs(rows, new SequenceSpec("p", scores))).isEmpty();
        assertThat(outputs(rows, new SequenceSpec("p", new MapSpec("", DataType.STRING, DataType.FLOAT))))
                .containsExactly("output 'p' is sequence of map from STRING to FLOAT, expected sequence of map from"
                        + " INT64 to FLOAT");
        assertThat(outputs(rows, floats("p", 1))).hasSize(1);
        assertThat(outputs(new OptionalSpec("p", floats("", 1)), floats("p", 1)))
                .isEmpty();
        assertThat(outputs(floats("p", 1), new OptionalSpec("p", floats("", 1))))
                .hasSize(1);
        assertThat(inputs(rows, new SequenceSpec("p", scores))).isEmpty();
        assertThat(inputs(rows, new SequenceSpec("p", floats("", 1)))).hasSize(1);
    }

    @Test
    void whatMayBeMissingIsTheSameWhereItIsThere() {
        OptionalSpec one = new OptionalSpec("p", floats("", 1));
        OptionalSpec two = new OptionalSpec("p", floats("", 2));

        assertThat(inputs(floats("p", 1), one)).isEmpty();
        assertThat(inputs(one, one)).isEmpty();
        assertThat(inputs(one, two)).containsExactly("input 'p' is optional FLOAT [2], expected optional FLOAT [1]");
        assertThat(inputs(floats("p", 1), two)).hasSize(1);
        assertThat(outputs(one, one)).isEmpty();
        assertThat(outputs(one, two)).hasSize(1);
        assertThat(outputs(one, floats("p", 2))).hasSize(1);
    }

    @Test
    void whatWasNotWrittenDownMayBeAnything() {
        ModelSignature expected = ModelSignature.of(List.of(shapeless("x")), List.of());

        assertThat(SignatureChange.fromExpected(expected, CURRENT).isCompatible())
                .isTrue();
        assertThat(SignatureChange.between(expected, CURRENT).isCompatible()).isFalse();
    }
}
