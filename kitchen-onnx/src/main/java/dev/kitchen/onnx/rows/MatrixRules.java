package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Rules of matrix products, and of attention. */
final class MatrixRules {

    private MatrixRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("MatMul", step -> product(step, 0, 1, 2));
        rules.put("MatMulInteger", step -> scaled(step, List.of(2, 3), () -> product(step, 0, 1, 4)));
        rules.put("QLinearMatMul", step -> scaled(step, List.of(1, 2, 4, 5, 6, 7), () -> product(step, 0, 3, 8)));
        rules.put("Gemm", MatrixRules::gemm);
        rules.put("com.microsoft.FusedMatMul", MatrixRules::fused);
        rules.put("com.microsoft.MatMulNBits", MatrixRules::packed);
        rules.put("com.microsoft.SkipLayerNormalization", MatrixRules::skipNormalization);
        rules.put("com.microsoft.EmbedLayerNormalization", MatrixRules::embedding);
        rules.put("com.microsoft.Attention", MatrixRules::attention);
    }

    /** Runs a rule if scales and zero points are single numbers that do not depend on the rows. */
    private static List<RowValue> scaled(Step step, List<Integer> parameters, Supplier<List<RowValue>> rule) {
        parameters.forEach(index -> QuantizationRules.requireOneNumberOrColumns(step, index));
        return rule.get();
    }

    private static List<RowValue> product(Step step, int left, int right, int inputs) {
        step.requireFreeFrom(inputs);
        return List.of(product(step.input(left), step.input(right)));
    }

    static RowValue product(RowValue left, RowValue right) {
        LayoutRules.requireNoCount(List.of(left, right));
        List<Size> one = left.knownShape();
        List<Size> other = right.knownShape();
        if (one.size() < 2 || other.isEmpty()) {
            throw RowsException.unknown("multiplies a vector");
        }
        if (other.size() == 1) {
            requireApart(left, one.size() - 1);
            if (right.hasRows()) {
                throw RowsException.mixed("multiplies rows with one another");
            }
            return RowValue.shaped(one.subList(0, one.size() - 1));
        }
        requireApart(left, one.size() - 1);
        requireApart(right, other.size() - 2);
        List<Size> result =
                new ArrayList<>(Broadcast.shape(one.subList(0, one.size() - 2), other.subList(0, other.size() - 2)));
        result.add(one.get(one.size() - 2));
        result.add(other.get(other.size() - 1));
        return RowValue.shaped(result);
    }

    private static void requireApart(RowValue value, int axis) {
        if (value.axis() == axis) {
            throw RowsException.mixed("adds up products of different rows");
        }
    }

    private static List<Size> transposed(RowValue value, boolean transpose) {
        List<Size> shape = value.knownShape();
        return transpose ? List.of(shape.get(1), shape.get(0)) : shape;
    }

    private static List<RowValue> gemm(Step step) {
        if (step.input(0).rank() != 2 || step.input(1).rank() != 2) {
            throw RowsException.unknown("multiplies what is no matrix");
        }
        RowValue left = RowValue.shaped(transposed(step.input(0), step.integer("transA", 0) != 0));
        RowValue right = RowValue.shaped(transposed(step.input(1), step.integer("transB", 0) != 0));
        LayoutRules.requireNoCount(step.present());
        RowValue result = product(left, right);
        return List.of(step.has(2) ? Broadcast.elementwise(List.of(result, step.input(2))) : result);
    }

    private static List<RowValue> fused(Step step) {
        for (String attribute : List.of("transA", "transBatchA", "transBatchB")) {
            if (step.integer(attribute, 0) != 0) {
                throw RowsException.unknown("transposes its first input");
            }
        }
        RowValue right = step.input(1);
        List<Size> shape = new ArrayList<>(right.knownShape());
        if (step.integer("transB", 0) != 0) {
            int last = shape.size() - 1;
            Size size = shape.set(last, shape.get(last - 1));
            shape.set(last - 1, size);
        }
        return List.of(product(step.input(0), RowValue.shaped(shape)));
    }

    /** A product with weights of a few bits each, which come as bytes of a shape of their own. */
    private static List<RowValue> packed(Step step) {
        step.requireFreeFrom(1);
        RowValue value = step.input(0);
        requireApart(value, value.rank() - 1);
        List<Size> shape = new ArrayList<>(value.knownShape());
        shape.set(shape.size() - 1, Size.of(step.integer("N", 0)));
        return List.of(RowValue.shaped(shape));
    }

    private static List<RowValue> skipNormalization(Step step) {
        RowValue value = step.input(0);
        requireFirst(step, 0, value.rank());
        requireFirst(step, 1, value.rank());
        step.requireFreeFrom(2);
        List<Size> shape = Broadcast.shape(value.knownShape(), step.input(1).knownShape());
        if (!shape.equals(value.knownShape())) {
            throw RowsException.unknown("adds another shape");
        }
        RowValue result = RowValue.shaped(shape);
        RowValue statistics = RowValue.unknown("its statistics are not analysed");
        return List.of(result, statistics, statistics, result);
    }

    private static void requireFirst(Step step, int index, int rank) {
        RowValue value = step.input(index);
        if (!value.hasRows() || value.axis() != 0 || value.rank() != rank || rank < 2) {
            throw RowsException.unknown("has an input " + index + " without rows on its first axis");
        }
    }

    private static List<RowValue> embedding(Step step) {
        requireFirst(step, 0, 2);
        if (step.has(1)) {
            requireFirst(step, 1, 2);
        }
        IntStream.rangeClosed(2, 6).forEach(step::requireFree);
        if (step.has(7)) {
            requireFirst(step, 7, 2);
        }
        step.requireFree(8);
        List<Size> shape = new ArrayList<>(step.input(0).knownShape());
        shape.add(step.input(2).knownShape().get(1));
        RowValue result = RowValue.shaped(shape);
        RowValue lengths = RowValue.rows(0, List.of(Size.ROWS));
        return List.of(result, lengths, result);
    }

    /** Attention within each row; masks of other shapes than one number or one list for each row are not analysed. */
    private static List<RowValue> attention(Step step) {
        requireFirst(step, 0, 3);
        step.requireFree(1);
        step.requireFree(2);
        step.requireFreeFrom(4);
        if (step.has(3)) {
            List<Size> mask = step.input(3).knownShape();
            if (step.input(3).axis() != 0 || !mask.get(0).equals(Size.ROWS) || mask.size() > 2) {
                throw RowsException.unknown("has a mask of another shape");
            }
        }
        if (step.has(4)
                || step.has(5)
                || step.has(6)
                || step.integer("unidirectional", 0) != 0
                || step.node().attribute("qkv_hidden_sizes").isPresent()) {
            throw RowsException.unknown("keeps a past, or has other options");
        }
        return List.of(RowValue.shaped(step.input(0).knownShape()));
    }
}
