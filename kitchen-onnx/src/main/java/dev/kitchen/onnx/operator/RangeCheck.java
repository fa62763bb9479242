package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.Map;

/** The range of the numbers in one input of a node. NaN is in no range. */
final class RangeCheck implements ValueCheck {

    /** A bound below which a number stays finite when ONNX Runtime multiplies it by a size. */
    private static final double LARGE = 1e30;

    /** The least and the greatest number that an input may have. */
    private record Range(int input, double least, double greatest) {}

    /** ONNX Runtime computes with the negative of the number. */
    private static final Range DIAGONAL = new Range(1, -0x1p62, Long.MAX_VALUE);

    private static final Map<String, List<Range>> RANGES = Map.of(
            "Trilu", List.of(DIAGONAL),
            "com.microsoft.Trilu", List.of(DIAGONAL),
            "com.microsoft.CropAndResize", List.of(new Range(1, -LARGE, LARGE)),
            "STFT", List.of(new Range(1, 1, Long.MAX_VALUE), new Range(3, 1, Long.MAX_VALUE)));

    private static final NamedValues NOTHING = NamedValues.of(Map.of());

    private final String place;
    private final Range range;
    private final NodeValues values;

    private RangeCheck(String place, Range range, NodeValues values) {
        this.place = place;
        this.range = range;
        this.values = values;
    }

    /** Returns the checks of a node whose numbers are constants or come with a request. */
    static List<RangeCheck> of(Scope scope, Node node, ShapeSources sources) {
        return RANGES.getOrDefault(node.qualifiedOperator(), List.of()).stream()
                .map(range -> new RangeCheck(
                        NodeCheck.place(node), range, NodeValues.of(scope, node.input(range.input()), sources)))
                .filter(check -> !check.values.isUnknown())
                .toList();
    }

    boolean dependsOnRequest() {
        return values.request() != null;
    }

    /** Throws if a constant is out of range, whatever a request brings. */
    void requireLoadable() {
        int outside = dependsOnRequest() ? -1 : outside(NOTHING);
        if (outside >= 0) {
            throw new ModelLoadException(
                    "a constant " + text(values.at(NOTHING, outside)) + ": ONNX Runtime would end the process");
        }
    }

    @Override
    public void check(NamedValues inputs) {
        int outside = outside(inputs);
        if (outside >= 0) {
            throw new InvalidRequestException("input '" + values.request() + "' " + text(values.at(inputs, outside))
                    + ", which ends the process of ONNX Runtime with other numbers");
        }
    }

    private String text(double actual) {
        return "has the number " + actual + ", expected " + range.least() + " to " + range.greatest() + " for input "
                + range.input() + " of " + place;
    }

    /** Returns where the first number out of range is, or -1. */
    private int outside(NamedValues inputs) {
        for (int i = 0, count = values.count(inputs); i < count; i++) {
            double value = values.at(inputs, i);
            if (!(value >= range.least() && value <= range.greatest())) {
                return i;
            }
        }
        return -1;
    }
}
