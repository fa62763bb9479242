package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of operators that work element by element. */
final class ElementRules {

    private static final List<String> OPERATORS = List.of(
            "Abs",
            "Acos",
            "Acosh",
            "Add",
            "And",
            "Asin",
            "Asinh",
            "Atan",
            "Atanh",
            "BitShift",
            "BitwiseAnd",
            "BitwiseNot",
            "BitwiseOr",
            "BitwiseXor",
            "Ceil",
            "Celu",
            "Clip",
            "Cos",
            "Cosh",
            "Div",
            "Elu",
            "Equal",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "Greater",
            "GreaterOrEqual",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "IsInf",
            "IsNaN",
            "LeakyRelu",
            "Less",
            "LessOrEqual",
            "Log",
            "Max",
            "Mean",
            "Min",
            "Mish",
            "Mod",
            "Mul",
            "Neg",
            "Not",
            "Or",
            "PRelu",
            "Pow",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Shrink",
            "Sigmoid",
            "Sign",
            "Sin",
            "Sinh",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Sub",
            "Sum",
            "Swish",
            "Tan",
            "Tanh",
            "ThresholdedRelu",
            "Where",
            "Xor");

    private static final List<String> MICROSOFT = List.of("BiasGelu", "FastGelu", "Gelu", "QuickGelu");

    private ElementRules() {}

    static void addTo(Map<String, Rule> rules) {
        OPERATORS.forEach(operator -> rules.put(operator, ElementRules::elementwise));
        MICROSOFT.forEach(operator -> rules.put("com.microsoft." + operator, ElementRules::elementwise));
        rules.put("Cast", ElementRules::cast);
        rules.put("CastLike", ElementRules::like);
        rules.put("Dropout", ElementRules::dropout);
        rules.put("ai.onnx.ml.Binarizer", Broadcast::elementwise);
        rules.put("ai.onnx.ml.LabelEncoder", Broadcast::elementwise);
        rules.put("ai.onnx.ml.CategoryMapper", Broadcast::elementwise);
    }

    private static List<RowValue> elementwise(Step step) {
        // Until version 7 these had an attribute of their own for broadcasting.
        if (step.node().attribute("broadcast").isPresent()) {
            throw RowsException.unknown("has an attribute 'broadcast'");
        }
        Optional<RowValue> numbers = step.node().domain().isEmpty() ? Numbers.elementwise(step) : Optional.empty();
        return numbers.isPresent() ? List.of(numbers.get()) : Broadcast.elementwise(step);
    }

    private static List<RowValue> cast(Step step) {
        Optional<Long> type = step.node().attribute("to").flatMap(Attribute::integer);
        boolean integer = type.isPresent()
                && (ElementType.of(type.get()) == ElementType.INT64 || ElementType.of(type.get()) == ElementType.INT32);
        return integer ? elementwise(step) : Broadcast.elementwise(step);
    }

    private static List<RowValue> like(Step step) {
        return List.of(Broadcast.elementwise(List.of(step.input(0))));
    }

    /** Without training it copies its input; its second output says that nothing was dropped. */
    private static List<RowValue> dropout(Step step) {
        boolean training = step.opset() < 7
                || step.has(2) && !step.input(2).knownNumbers("a training mode").equals(List.of(0L));
        if (training) {
            throw RowsException.unknown("drops elements at random");
        }
        RowValue copy = Broadcast.elementwise(List.of(step.input(0)));
        return List.of(copy, copy);
    }
}
