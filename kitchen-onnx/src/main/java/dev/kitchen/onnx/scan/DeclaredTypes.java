package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.ValueInfo;
import dev.kitchen.onnx.graph.ValueType;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Optional;

/** Declared types of ONNX files in Kitchen's words. */
public final class DeclaredTypes {

    private DeclaredTypes() {}

    /** Returns Kitchen's type for ONNX's number; empty for types that Kitchen does not have. */
    public static Optional<DataType> elementType(long number) {
        return elementType(ElementType.of(number));
    }

    private static Optional<DataType> elementType(ElementType type) {
        return switch (type) {
            case FLOAT -> Optional.of(DataType.FLOAT);
            case UINT8 -> Optional.of(DataType.UINT8);
            case INT8 -> Optional.of(DataType.INT8);
            case UINT16 -> Optional.of(DataType.UINT16);
            case INT16 -> Optional.of(DataType.INT16);
            case INT32 -> Optional.of(DataType.INT32);
            case INT64 -> Optional.of(DataType.INT64);
            case STRING -> Optional.of(DataType.STRING);
            case BOOL -> Optional.of(DataType.BOOL);
            case FLOAT16 -> Optional.of(DataType.FLOAT16);
            case DOUBLE -> Optional.of(DataType.DOUBLE);
            case UINT32 -> Optional.of(DataType.UINT32);
            case UINT64 -> Optional.of(DataType.UINT64);
            case BFLOAT16 -> Optional.of(DataType.BFLOAT16);
            default -> Optional.empty();
        };
    }

    /** Returns an input or output of a model as its file declares it. */
    static OnnxValue value(ValueInfo info) {
        boolean rankKnown = !(info.type() instanceof ValueType.TensorOf tensor)
                || tensor.dimensions().isPresent();
        return new OnnxValue(info.name(), rankKnown, spec(info.name(), info.type()));
    }

    private static Optional<ValueSpec> spec(String name, ValueType type) {
        if (type instanceof ValueType.TensorOf tensor) {
            return elementType(tensor.element()).map(element -> tensor(name, element, tensor.dimensions()));
        } else if (type instanceof ValueType.SequenceOf sequence) {
            return spec("", sequence.element()).map(element -> new SequenceSpec(name, element));
        } else if (type instanceof ValueType.OptionalOf optional) {
            return spec("", optional.element()).map(element -> new OptionalSpec(name, element));
        } else if (type instanceof ValueType.MapOf map && map.value() instanceof ValueType.TensorOf value) {
            return elementType(map.key())
                    .flatMap(key -> elementType(value.element()).map(element -> new MapSpec(name, key, element)));
        }
        return Optional.empty();
    }

    private static ValueSpec tensor(String name, DataType type, Optional<List<Dimension>> declared) {
        if (declared.isEmpty()) {
            return new TensorSpec(name, type, Shape.UNKNOWN);
        }
        List<Dimension> dimensions = declared.get();
        long[] shape = dimensions.stream().mapToLong(Dimension::size).toArray();
        return new TensorSpec(
                name,
                type,
                Shape.of(shape),
                dimensions.stream().map(Dimension::symbol).toList());
    }
}
