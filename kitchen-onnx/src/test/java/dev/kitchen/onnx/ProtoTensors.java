package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.kitchen.onnx.NodeCase.UnknownTypeException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors out of protobuf messages. */
final class ProtoTensors {

    private ProtoTensors() {}

    static Tensor tensor(TensorProto proto) throws UnknownTypeException {
        long[] shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
        DataType type = type(proto.getDataType());
        if (type == DataType.STRING) {
            String[] strings = proto.getStringDataList().stream()
                    .map(ByteString::toStringUtf8)
                    .toArray(String[]::new);
            return Tensor.ofStrings(strings, shape);
        }
        ByteBuffer bytes = proto.hasRawData() ? proto.getRawData().asReadOnlyByteBuffer() : typedData(proto, type);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        return Tensor.copyOf(type, bytes, shape);
    }

    private static DataType type(int number) throws UnknownTypeException {
        TensorProto.DataType proto = TensorProto.DataType.forNumber(number);
        if (proto != null) {
            for (DataType type : DataType.values()) {
                if (type.name().equals(proto.name())) {
                    return type;
                }
            }
        }
        throw new UnknownTypeException("element type " + number);
    }

    private static ByteBuffer typedData(TensorProto proto, DataType type) {
        int elements = Math.max(
                Math.max(proto.getFloatDataCount(), proto.getDoubleDataCount()),
                Math.max(Math.max(proto.getInt32DataCount(), proto.getInt64DataCount()), proto.getUint64DataCount()));
        ByteBuffer bytes = ByteBuffer.allocate(elements * type.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            switch (type) {
                case FLOAT -> bytes.putFloat(proto.getFloatData(i));
                case DOUBLE -> bytes.putDouble(proto.getDoubleData(i));
                case INT64 -> bytes.putLong(proto.getInt64Data(i));
                case UINT64 -> bytes.putLong(proto.getUint64Data(i));
                case UINT32 -> bytes.putInt((int) proto.getUint64Data(i));
                case INT32 -> bytes.putInt(proto.getInt32Data(i));
                case INT16, UINT16, FLOAT16, BFLOAT16 -> bytes.putShort((short) proto.getInt32Data(i));
                default -> bytes.put((byte) proto.getInt32Data(i));
            }
        }
        return bytes.flip();
    }
}
