package dev.kitchen.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime's own Java API, used as its manual says: what Kitchen is held against. */
final class OfficialReference {

    private static final Logger LOGGER = LoggerFactory.getLogger(OfficialReference.class);

    private OfficialReference() {}

    /** Whether the API runs the model and hands over all that comes out. */
    static boolean answers(Path model, List<String> names, List<Value> inputs) {
        try {
            run(model, names, inputs);
            return true;
        } catch (OrtException | RuntimeException e) {
            LOGGER.debug("{}: the official API fails", model, e);
            return false;
        }
    }

    /** Whether Kitchen's answer is the API's, element by element, be it what was expected or not. */
    static boolean agrees(Path model, List<String> names, List<Value> inputs, double relative, double absolute) {
        Map<String, Value> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            named.put(names.get(i), inputs.get(i));
        }
        try (Kitchen kitchen =
                Kitchen.builder().models(model).shutdownHook(false).open()) {
            Map<String, Object> official = run(model, names, inputs);
            Map<String, Value> ours =
                    kitchen.endpoint("model").predict(named).outputs().toMap();
            return official.entrySet().stream()
                    .allMatch(it -> same(it.getValue(), ours.get(it.getKey()), relative, absolute));
        } catch (OrtException e) {
            return false;
        }
    }

    private static boolean same(Object official, Value ours, double relative, double absolute) {
        if (!(ours instanceof Tensor tensor)) {
            return false;
        }
        Object array = tensor.type() == DataType.UINT8 ? official : tensor.toArray();
        return array instanceof float[] || array instanceof float[][] || array instanceof Float
                ? ValueDifferences.of("", Tensor.fromArray(official), Tensor.fromArray(array), relative, absolute)
                        .isEmpty()
                : java.util.Objects.deepEquals(official, array);
    }

    /** The API's answer, whose outputs are all tensors of numbers, with types and shapes. */
    static Map<String, Tensor> tensors(Path model, List<String> names, List<Value> inputs) throws OrtException {
        return run(model, names, inputs, OfficialReference::tensor);
    }

    private static Tensor tensor(OnnxValue value) throws OrtException {
        OnnxTensor tensor = (OnnxTensor) value;
        DataType type = DataType.valueOf(tensor.getInfo().type.name());
        ByteBuffer bytes = tensor.getInfo().getNumElements() == 0 ? ByteBuffer.allocate(0) : tensor.getByteBuffer();
        return Tensor.copyOf(
                type, bytes.order(ByteOrder.nativeOrder()), tensor.getInfo().getShape());
    }

    private interface Reading<T> {
        T read(OnnxValue value) throws OrtException;
    }

    private static Map<String, Object> run(Path model, List<String> names, List<Value> inputs) throws OrtException {
        return run(model, names, inputs, OnnxValue::getValue);
    }

    private static <T> Map<String, T> run(Path model, List<String> names, List<Value> inputs, Reading<T> reading)
            throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> feed = new LinkedHashMap<>();
        List<OnnxValue> toClose = new ArrayList<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(model.toString(), options)) {
            for (int i = 0; i < inputs.size(); i++) {
                OnnxTensor tensor = tensor(environment, inputs.get(i));
                feed.put(names.get(i), tensor);
                toClose.add(tensor);
            }
            Map<String, T> outputs = new LinkedHashMap<>();
            try (OrtSession.Result result = session.run(feed)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), reading.read(output.getValue()));
                }
            }
            return outputs;
        } finally {
            toClose.forEach(OnnxValue::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Value value) throws OrtException {
        Tensor tensor = (Tensor) value;
        long[] shape = tensor.shape().toArray();
        if (tensor.type() == DataType.STRING) {
            return OnnxTensor.createTensor(environment, tensor.toStringArray(), shape);
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(tensor.sizeBytes()).order(ByteOrder.nativeOrder());
        tensor.copyTo(buffer);
        return OnnxTensor.createTensor(
                environment,
                buffer.flip(),
                shape,
                OnnxJavaType.valueOf(tensor.type().name()));
    }
}
