package dev.kitchen.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime's own Java API: {@link #predict} as its manual shows, {@link Reused} at its best. */
final class OfficialPeer implements Peer {

    private final Model model;
    private final long[] shape;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OfficialPeer(Model model) {
        this.model = model;
        this.shape = model.dimensions();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session = environment.createSession(model.file().toString(), options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public float[] predict(float[] item) {
        try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(item), shape);
                OrtSession.Result result = session.run(Map.of(model.input(), input))) {
            return answer(result);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With an array as deep as the model's input; {@link #nested} makes it. */
    float[] predictNested(Object item) {
        try (OnnxTensor input = OnnxTensor.createTensor(environment, item);
                OrtSession.Result result = session.run(Map.of(model.input(), input))) {
            return answer(result);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The item as a program has it that thinks in rows or pixels. */
    Object nested(float[] item) {
        return nested(item, 0, 0);
    }

    private Object nested(float[] item, int level, int offset) {
        int length = Math.toIntExact(shape[level]);
        if (level == shape.length - 1) {
            return Arrays.copyOfRange(item, offset, offset + length);
        }
        int step = 1;
        for (int i = level + 1; i < shape.length; i++) {
            step *= Math.toIntExact(shape[i]);
        }
        Object first = nested(item, level + 1, offset);
        Object array = Array.newInstance(first.getClass(), length);
        for (int i = 0; i < length; i++) {
            Array.set(array, i, nested(item, level + 1, offset + i * step));
        }
        return array;
    }

    private float[] answer(OrtSession.Result result) throws OrtException {
        return ((float[][]) result.get(model.position()).getValue())[0];
    }

    Reused reused() {
        try {
            return new Reused();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tensors made once, for one thread. */
    final class Reused implements AutoCloseable {

        private final FloatBuffer inputBuffer = direct(model.numbers());
        private final FloatBuffer outputBuffer = direct(model.answers());
        private final OnnxTensor input;
        private final OnnxTensor output;
        private final Map<String, OnnxTensor> inputs;
        private final Map<String, OnnxTensor> outputs;

        private Reused() throws OrtException {
            this.input = OnnxTensor.createTensor(environment, inputBuffer, shape);
            this.output = OnnxTensor.createTensor(environment, outputBuffer, new long[] {1, model.answers()});
            this.inputs = Map.of(model.input(), input);
            this.outputs = Map.of(model.output(), output);
        }

        private static FloatBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(4 * floats)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        float[] predict(float[] item) {
            inputBuffer.put(0, item);
            try (OrtSession.Result result = session.run(inputs, Set.of(), outputs)) {
                float[] answer = new float[model.answers()];
                outputBuffer.get(0, answer);
                return answer;
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            input.close();
            output.close();
        }
    }
}
