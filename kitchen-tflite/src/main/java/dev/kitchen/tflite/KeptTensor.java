package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.Subgraph;
import org.bytedeco.tensorflowlite.TfLiteIntArray;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/** One input or output of an interpreter, and a view of the memory it has there until the interpreter moves it. */
final class KeptTensor {

    private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());

    private final Port port;
    private Shape shape = Shape.UNKNOWN;
    private ByteBuffer memory = EMPTY;

    KeptTensor(Port port) {
        this.port = port;
    }

    Port port() {
        return port;
    }

    /** The shape it has now. */
    Shape shape() {
        return shape;
    }

    ByteBuffer memory() {
        return memory;
    }

    /** Looks where it is now. */
    void rebind(Subgraph graph) {
        TfLiteTensor tensor = graph.tensor(port.tensor());
        if (!port.type().isInRuntime(tensor.type())) {
            throw new InferenceException("'" + port.name() + "' is of type number " + tensor.type()
                    + " in the runtime, " + port.type() + " in the file");
        }
        shape = shapeOf(tensor);
        memory = memoryOf(tensor);
        DataType type = port.spec().type();
        if (type != DataType.STRING && memory.capacity() != shape.elementCount() * type.sizeBytes()) {
            throw new InferenceException(
                    "'" + port.name() + "' of shape " + shape + " has " + memory.capacity() + " bytes in the runtime");
        }
    }

    private static Shape shapeOf(TfLiteTensor tensor) {
        TfLiteIntArray dimensions = tensor.dims();
        long[] sizes = new long[dimensions == null ? 0 : dimensions.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = dimensions.data(i);
        }
        return Shape.of(sizes);
    }

    private ByteBuffer memoryOf(TfLiteTensor tensor) {
        Pointer data = tensorflowlite.TfLiteTensorData(tensor);
        long bytes = tensorflowlite.TfLiteTensorByteSize(tensor);
        if (bytes < 0 || bytes > Tensor.MAX_BYTES) {
            throw new InferenceException("'" + port.name() + "' has " + bytes + " bytes, more than a tensor can have");
        }
        return data == null || data.isNull() || bytes == 0
                ? EMPTY
                : new BytePointer(data).capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    void write(Tensor tensor, Subgraph graph) {
        if (port.spec().type() == DataType.STRING) {
            writeStrings(PackedStrings.pack(tensor), graph);
        } else {
            tensor.copyTo(memory.clear());
        }
    }

    private void writeStrings(byte[] packed, Subgraph graph) {
        TfLiteTensor tensor = graph.tensor(port.tensor());
        if (!Status.isOk(tensorflowlite.TfLiteTensorRealloc(packed.length, tensor))) {
            throw new InvalidRequestException(
                    "input '" + port.name() + "': there is no memory for its " + packed.length + " bytes");
        }
        memory = memoryOf(tensor);
        memory.clear().put(packed);
    }

    Tensor read() {
        return port.spec().type() == DataType.STRING
                ? PackedStrings.unpack(memory, shape, port.name())
                : Tensor.copyOf(port.spec().type(), memory.clear(), shape);
    }
}
