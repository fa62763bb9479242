package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory for one input or output and the official API's tensor over it, kept from run to run while the shape stays. */
final class OfficialKept {

    /** A larger one gets memory of its own for one run, so that idle frames hold little. */
    static final int MAX_BYTES = 4 << 20;

    private final DataType type;
    private final Shape shape;
    private final ByteBuffer buffer;
    private final OnnxTensor tensor;

    OfficialKept(OrtEnvironment environment, DataType type, Shape shape) throws OrtException {
        this.type = type;
        this.shape = shape;
        this.buffer = ByteBuffer.allocateDirect(Math.toIntExact(shape.elementCount() * type.sizeBytes()))
                .order(ByteOrder.nativeOrder());
        this.tensor = OnnxTensor.createTensor(environment, buffer, shape.toArray(), OnnxJavaType.valueOf(type.name()));
    }

    static boolean canKeep(DataType type, Shape shape) {
        return switch (type) {
            case STRING, UINT16, UINT32, UINT64 -> false;
            default -> shape.elementCount() <= MAX_BYTES / type.sizeBytes();
        };
    }

    OnnxTensor tensor() {
        return tensor;
    }

    boolean fits(DataType otherType, Shape otherShape) {
        return otherType == type && otherShape.equals(shape);
    }

    /** Takes the elements of a tensor that fits. */
    void write(Tensor values) {
        values.copyTo(buffer.clear());
    }

    /** Its elements, on the heap. */
    Tensor read() {
        return Tensor.copyOf(type, buffer.clear(), shape);
    }

    void free() {
        tensor.close();
    }
}
