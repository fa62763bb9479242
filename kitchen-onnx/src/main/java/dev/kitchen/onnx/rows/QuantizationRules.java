package dev.kitchen.onnx.rows;

import java.util.List;
import java.util.Map;

/** Rules of quantisation. */
final class QuantizationRules {

    private QuantizationRules() {}

    static void addTo(Map<String, Rule> rules) {
        for (String domain : List.of("", "com.microsoft.")) {
            rules.put(domain + "QuantizeLinear", QuantizationRules::linear);
            rules.put(domain + "DequantizeLinear", QuantizationRules::linear);
        }
        for (String operator : List.of(
                "DynamicQuantizeLinear", "com.microsoft.DynamicQuantizeMatMul", "com.microsoft.DynamicQuantizeLSTM")) {
            rules.put(operator, QuantizationRules::dynamic);
        }
        rules.put("com.microsoft.QLinearAdd", QuantizationRules::binary);
        rules.put("com.microsoft.QLinearMul", QuantizationRules::binary);
        rules.put("com.microsoft.QLinearSigmoid", QuantizationRules::unary);
        rules.put("com.microsoft.QLinearLeakyRelu", QuantizationRules::unary);
    }

    private static List<RowValue> dynamic(Step step) {
        RowValue value = step.input(0);
        if (!value.isFree()) {
            throw RowsException.mixed("quantises all rows by the smallest and largest number of them all");
        }
        RowValue scale = RowValue.free(List.of());
        return List.of(value.shape().map(RowValue::free).orElse(RowValue.free()), scale, scale);
    }

    private static List<RowValue> linear(Step step) {
        step.requireFreeFrom(1);
        RowValue value = step.input(0);
        LayoutRules.requireNoCount(List.of(value));
        List<Size> shape = value.knownShape();
        List<Size> scale = step.input(1).knownShape();
        boolean single = scale.isEmpty() || scale.size() == 1 && scale.get(0).is(1);
        if (!single) {
            int axis = Step.axis(step.integer("axis", 1), shape.size());
            if (scale.size() != 1 || axis == value.axis()) {
                throw RowsException.unknown("has scales along the axis of the rows");
            }
        }
        return List.of(RowValue.shaped(shape));
    }

    /** Fails unless a scale or zero point is one number, or constant numbers of columns. */
    static void requireOneNumberOrColumns(Step step, int index) {
        if (!step.has(index)) {
            return;
        }
        step.requireFree(index);
        List<Size> shape = step.input(index).knownShape();
        boolean single = shape.stream().allMatch(size -> size.is(1));
        boolean ofRight = index >= 3 && shape.size() == 1;
        if (!single && !ofRight) {
            throw RowsException.unknown("has a scale or zero point for each row");
        }
    }

    private static void requireScalars(Step step, int from, int to) {
        for (int i = from; i < to; i++) {
            if (step.has(i)) {
                step.requireFree(i);
                if (!step.input(i).knownShape().stream().allMatch(size -> size.is(1))) {
                    throw RowsException.unknown("has more than one scale");
                }
            }
        }
    }

    private static List<RowValue> binary(Step step) {
        requireScalars(step, 1, 3);
        requireScalars(step, 4, 8);
        return List.of(Broadcast.elementwise(List.of(step.input(0), step.input(3))));
    }

    private static List<RowValue> unary(Step step) {
        requireScalars(step, 1, 5);
        return List.of(Broadcast.elementwise(List.of(step.input(0))));
    }
}
