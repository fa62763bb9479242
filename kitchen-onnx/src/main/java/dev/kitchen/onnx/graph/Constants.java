package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Optional;

/** Reads the value of a {@code Constant} node from its attributes. */
final class Constants {

    private Constants() {}

    /** Returns the node's value as a tensor; empty where it is no such node, or the value is a text or sparse. */
    static Optional<TensorInfo> value(Node node) {
        if (!node.is("Constant") || node.attributes().size() != 1) {
            return Optional.empty();
        }
        Attribute attribute = node.attributes().get(0);
        if (!attribute.reference().isEmpty()) {
            return Optional.empty();
        }
        return switch (attribute.name()) {
            case "value" -> attribute.tensor();
            case "value_int" -> attribute.integer().map(value -> integers(List.of(), TensorValues.ofIntegers(value)));
            case "value_float" -> attribute.real().map(value -> floats(List.of(), TensorValues.ofFloats(value)));
            case "value_ints" ->
                Optional.of(new TensorInfo(
                        "",
                        ElementType.INT64,
                        List.of(attribute.count()),
                        attribute.integers().map(Constants::integers)));
            case "value_floats" ->
                Optional.of(new TensorInfo(
                        "",
                        ElementType.FLOAT,
                        List.of(attribute.count()),
                        attribute.floats().map(Constants::floats)));
            default -> Optional.empty();
        };
    }

    private static TensorInfo integers(List<Long> dimensions, TensorValues values) {
        return new TensorInfo("", ElementType.INT64, dimensions, Optional.of(values));
    }

    private static TensorInfo floats(List<Long> dimensions, TensorValues values) {
        return new TensorInfo("", ElementType.FLOAT, dimensions, Optional.of(values));
    }

    private static TensorValues integers(List<Long> values) {
        return TensorValues.ofIntegers(
                values.stream().mapToLong(Long::longValue).toArray());
    }

    private static TensorValues floats(List<Float> values) {
        return TensorValues.ofFloats(
                values.stream().mapToDouble(Float::doubleValue).toArray());
    }
}
