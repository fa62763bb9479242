package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.kitchen.error.InferenceException;
import dev.kitchen.onnx.run.ElementLimits;
import dev.kitchen.onnx.run.OutputTooLargeException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run of the official API returned, copied to the heap, and freed. */
final class OfficialOutputs implements AutoCloseable {

    private final OrtSession.Result result;
    private final ElementLimits limits;
    private final boolean wideCharacters;

    /** @param wideCharacters whether strings can have characters above U+FFFF */
    OfficialOutputs(OrtSession.Result result, ElementLimits limits, boolean wideCharacters) {
        this.result = result;
        this.limits = limits;
        this.wideCharacters = wideCharacters;
    }

    NamedValues read(List<String> names) throws OrtException {
        Value[] values = new Value[names.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = value(result.get(i));
            } catch (OutputTooLargeException e) {
                throw limits.tooLarge(names.get(i), e);
            } catch (OrtException | RuntimeException e) {
                throw new InferenceException("output '" + names.get(i) + "' cannot be read: " + e.getMessage(), e);
            }
        }
        return NamedValues.of(names, values);
    }

    private Value value(@Nullable OnnxValue value) throws OrtException {
        if (value == null) {
            return new EmptyOptional();
        }
        return switch (value.getType()) {
            case ONNX_TYPE_TENSOR -> tensor((OnnxTensor) value);
            case ONNX_TYPE_SEQUENCE -> sequence((OnnxSequence) value);
            case ONNX_TYPE_MAP -> map((OnnxMap) value);
            default ->
                throw new IllegalArgumentException(
                        "it is of the kind " + value.getType() + ", which the official Java API does not hand over");
        };
    }

    private Tensor tensor(OnnxTensor value) throws OrtException {
        TensorInfo info = value.getInfo();
        DataType type = OfficialTypes.of(info.onnxType)
                .orElseThrow(() -> new IllegalArgumentException("its elements are " + info.onnxType));
        long[] dimensions = info.getShape();
        limits.checkRead(Shape.of(dimensions));
        if (type == DataType.STRING) {
            return strings(value, dimensions);
        }
        Shape shape = Shape.of(dimensions);
        if (shape.elementCount() > Tensor.MAX_BYTES / type.sizeBytes()) {
            throw new IllegalArgumentException(type + " tensor of shape " + shape + " is larger than "
                    + Tensor.MAX_BYTES + " bytes, the most that fits into a Java array");
        }
        ByteBuffer bytes = shape.elementCount() == 0
                ? ByteBuffer.allocate(0)
                : value.getByteBuffer().order(ByteOrder.nativeOrder());
        return Tensor.copyOf(type, bytes, shape);
    }

    private Tensor strings(OnnxTensor value, long[] dimensions) throws OrtException {
        int count = Math.toIntExact(Shape.of(dimensions).elementCount());
        List<String> strings = new ArrayList<>(count);
        if (count > 0) {
            collect(value.getValue(), strings);
        }
        return Tensor.ofStrings(strings.toArray(String[]::new), dimensions);
    }

    private void collect(Object stringOrArray, List<String> strings) {
        if (stringOrArray instanceof String text) {
            strings.add((String) whole(text));
            return;
        }
        for (int i = 0; i < Array.getLength(stringOrArray); i++) {
            collect(Array.get(stringOrArray, i), strings);
        }
    }

    private SequenceValue sequence(OnnxSequence value) throws OrtException {
        if (value.getInfo().length == 0) {
            // The API takes the type of the elements from the first one, and refuses to read a sequence without any.
            return new SequenceValue(List.of());
        }
        List<? extends OnnxValue> elements = value.getValue();
        try {
            List<Value> values = new ArrayList<>(elements.size());
            for (OnnxValue element : elements) {
                values.add(value(element));
            }
            return new SequenceValue(values);
        } finally {
            elements.forEach(OfficialOutputs::close);
        }
    }

    private MapValue map(OnnxMap value) throws OrtException {
        Map<Object, Object> entries = new LinkedHashMap<>();
        value.getValue().forEach((key, entry) -> entries.put(whole(key), whole(entry)));
        return MapValue.of(
                OfficialTypes.of(value.getInfo().keyType).orElseThrow(),
                OfficialTypes.of(value.getInfo().valueType).orElseThrow(),
                entries);
    }

    private Object whole(Object keyOrValue) {
        return keyOrValue instanceof String text && wideCharacters ? JniStrings.requireWhole(text) : keyOrValue;
    }

    /** Closes value by value: {@code Result.close} stumbles over an empty optional and leaks what follows it. */
    @Override
    public void close() {
        for (int i = 0; i < result.size(); i++) {
            if (result.isResultOwner(i)) {
                close(result.get(i));
            }
        }
    }

    private static void close(@Nullable OnnxValue value) {
        if (value != null) {
            value.close();
        }
    }
}
