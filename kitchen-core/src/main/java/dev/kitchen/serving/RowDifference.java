package dev.kitchen.serving;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.Optional;

/**
 * Whether two answers for one row are the same but for the order in which numbers were added up: fractions may differ by
 * 1e-5 of the row's largest number, or by the precision of a 16-bit type; all else is to be equal.
 */
final class RowDifference {

    private static final double TOLERANCE = 1e-5;

    private RowDifference() {}

    static Optional<String> find(Tensor alone, Tensor batched) {
        double relative = relative(alone.type());
        GoldenCase known = GoldenCase.of("row", NamedValues.of("x", alone), NamedValues.of("x", alone))
                .withTolerance(relative, relative * largest(alone));
        return new TensorDifference(new Tolerance(known)).find(alone, batched);
    }

    private static double relative(DataType type) {
        return switch (type) {
            case FLOAT16 -> 4e-3;
            case BFLOAT16 -> 3e-2;
            default -> TOLERANCE;
        };
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (int i = 0; tensor.type().isFloating() && i < tensor.elementCount(); i++) {
            double size = Math.abs(tensor.doubleAt(i));
            largest = Double.isFinite(size) ? Math.max(largest, size) : largest;
        }
        return largest;
    }
}
