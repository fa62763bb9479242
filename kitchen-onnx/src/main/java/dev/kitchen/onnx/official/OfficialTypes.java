package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.kitchen.tensor.DataType;
import java.util.Optional;

/** The official API's names for element types. */
final class OfficialTypes {

    private static final String PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    private OfficialTypes() {}

    /** Empty for types that Kitchen has no name for, such as 8-bit floats. */
    static Optional<DataType> of(OnnxTensorType type) {
        return named(type.name().substring(PREFIX.length()));
    }

    /** Empty for what the Java API calls unknown. */
    static Optional<DataType> of(OnnxJavaType type) {
        return named(type.name());
    }

    private static Optional<DataType> named(String name) {
        for (DataType type : DataType.values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
