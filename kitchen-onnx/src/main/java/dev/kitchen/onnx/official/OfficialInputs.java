package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The inputs of one run as tensors of the official API. They lie over direct memory and are closed after the run. */
final class OfficialInputs implements AutoCloseable {

    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    private OfficialInputs() {}

    static OfficialInputs of(OrtEnvironment environment, NamedValues inputs) throws OrtException {
        OfficialInputs feed = new OfficialInputs();
        try {
            for (int i = 0; i < inputs.size(); i++) {
                feed.add(environment, inputs.name(i), inputs.value(i));
            }
            return feed;
        } catch (OrtException | RuntimeException | Error e) {
            feed.close();
            throw e;
        }
    }

    private void add(OrtEnvironment environment, String name, Value value) throws OrtException {
        if (value instanceof Tensor tensor) {
            put(tensors, name, tensor(environment, name, tensor));
        } else if (value instanceof SequenceValue) {
            throw unsupported(name, "sequences");
        } else if (value instanceof MapValue) {
            throw unsupported(name, "maps");
        } else if (!(value instanceof EmptyOptional)) {
            throw new IllegalStateException("a value of an unknown kind: " + value.getClass());
        }
    }

    /** Adds a tensor, or closes it if that fails. */
    static void put(Map<String, OnnxTensor> tensors, String name, OnnxTensor tensor) {
        try {
            tensors.put(name, tensor);
        } catch (RuntimeException | Error e) {
            tensor.close();
            throw e;
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, String name, Tensor tensor) throws OrtException {
        long[] shape = tensor.shape().toArray();
        return switch (tensor.type()) {
            case STRING -> OnnxTensor.createTensor(environment, JniStrings.requirePlain(name, tensor), shape);
            case UINT16, UINT32, UINT64 -> throw unsupported(name, tensor.type() + " tensors");
            default ->
                OnnxTensor.createTensor(
                        environment,
                        direct(tensor),
                        shape,
                        OnnxJavaType.valueOf(tensor.type().name()));
        };
    }

    private static ByteBuffer direct(Tensor tensor) {
        if (tensor.isBorrowed()) {
            return tensor.bytes();
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(tensor.sizeBytes()).order(ByteOrder.nativeOrder());
        tensor.copyTo(buffer);
        return buffer.flip();
    }

    private static InvalidRequestException unsupported(String name, String what) {
        return new InvalidRequestException("input '" + name + "': the official Java API of ONNX Runtime cannot take "
                + what + "; " + JniStrings.OTHER_ROAD);
    }

    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
