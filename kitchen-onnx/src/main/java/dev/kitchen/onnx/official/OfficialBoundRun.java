package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tensors of the official API, made once over Kitchen's memory, and outputs pinned there. */
final class OfficialBoundRun implements BoundRun {

    private final OrtSession session;
    private final OrtSession.RunOptions runOptions;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
    private final Runnable stop = this::terminate;
    private volatile boolean terminated;

    private OfficialBoundRun(OrtSession session) throws OrtException {
        this.session = session;
        this.runOptions = new OrtSession.RunOptions();
    }

    /** Binds memory to a session. */
    static OfficialBoundRun of(
            OrtEnvironment environment, OrtSession session, List<BoundTensor> inputs, List<BoundTensor> outputs)
            throws OrtException {
        OfficialBoundRun made = new OfficialBoundRun(session);
        try {
            bind(environment, inputs, made.inputs);
            bind(environment, outputs, made.outputs);
            return made;
        } catch (OrtException | RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    private static void bind(OrtEnvironment environment, List<BoundTensor> bound, Map<String, OnnxTensor> tensors)
            throws OrtException {
        for (BoundTensor tensor : bound) {
            OfficialInputs.put(
                    tensors,
                    tensor.name(),
                    OnnxTensor.createTensor(
                            environment,
                            tensor.whole(),
                            tensor.shape().toArray(),
                            OnnxJavaType.valueOf(tensor.type().name())));
        }
    }

    @Override
    public void run(CallContext context) {
        context.onStop(stop);
        try {
            session.run(inputs, Set.of(), outputs, runOptions).close();
        } catch (OrtException e) {
            throw OfficialSession.failure(e);
        } finally {
            context.clearOnStop();
            if (terminated) {
                setTerminate(false);
            }
        }
    }

    private void terminate() {
        terminated = true;
        setTerminate(true);
    }

    private void setTerminate(boolean terminate) {
        try {
            runOptions.setTerminate(terminate);
            terminated = terminate;
        } catch (OrtException e) {
            throw new IllegalStateException("run options cannot be changed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        outputs.values().forEach(OnnxTensor::close);
        runOptions.close();
    }
}
