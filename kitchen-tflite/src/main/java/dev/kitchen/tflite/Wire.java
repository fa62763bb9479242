package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors on the pipe between this process and a worker. What comes from a worker is not trusted. */
final class Wire {

    static final byte OK = 0;
    static final byte FAILED = 1;
    static final byte REFUSED = 2;

    private static final int MAX_TEXT = 2_000;

    private Wire() {}

    static void writeTensor(DataOutputStream out, Tensor tensor) throws IOException {
        writeShape(out, tensor.shape());
        byte[] bytes;
        if (tensor.type() == DataType.STRING) {
            bytes = PackedStrings.pack(tensor);
        } else {
            bytes = new byte[tensor.sizeBytes()];
            tensor.copyTo(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
        }
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static Tensor readTensor(DataInputStream in, Port port) throws IOException {
        DataType type = port.spec().type();
        Shape shape = readShape(in);
        int length = in.readInt();
        boolean fits = shape.isStatic()
                && (type == DataType.STRING
                        || shape.elementCount() <= Tensor.MAX_BYTES / type.sizeBytes()
                                && length == shape.elementCount() * type.sizeBytes());
        if (!fits || length < 0) {
            throw new InferenceException(
                    "'" + port.name() + "' came as " + length + " bytes for " + type + shape + " from its process");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new EOFException();
        }
        ByteBuffer data = ByteBuffer.wrap(bytes);
        return type == DataType.STRING
                ? PackedStrings.unpack(data, shape, port.name())
                : Tensor.copyOf(type, data.order(ByteOrder.nativeOrder()), shape);
    }

    static void writeShape(DataOutputStream out, Shape shape) throws IOException {
        out.writeByte(shape.rank());
        for (int i = 0; i < shape.rank(); i++) {
            out.writeLong(shape.dimension(i));
        }
    }

    static Shape readShape(DataInputStream in) throws IOException {
        int rank = in.readByte();
        if (rank < 0 || rank > Shape.MAX_RANK) {
            throw new InferenceException("a shape came with " + rank + " dimensions");
        }
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] = in.readLong();
        }
        return Shape.of(dimensions);
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        out.writeUTF(MessageText.of(text, MAX_TEXT));
    }
}
