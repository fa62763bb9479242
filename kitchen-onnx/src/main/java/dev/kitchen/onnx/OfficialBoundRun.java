package dev.kitchen.onnx;

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
    private final RunCheck checks;
    private final CopiedBoundRun copied;
    private final Runnable stop = this::terminate;
    private volatile boolean terminated;

    private OfficialBoundRun(OrtSession session, RunCheck checks, CopiedBoundRun copied) throws OrtException {
        this.session = session;
        this.checks = checks;
        this.copied = copied;
        this.runOptions = new OrtSession.RunOptions();
    }

    /**
     * Binds memory to a session.
     *
     * @param checks asked before each run if it reads values
     * @param copied answers when ONNX Runtime cannot write into the bound outputs
     */
    static OfficialBoundRun of(
            OrtEnvironment environment,
            OrtSession session,
            List<BoundTensor> inputs,
            List<BoundTensor> outputs,
            RunCheck checks,
            CopiedBoundRun copied)
            throws OrtException {
        OfficialBoundRun made = new OfficialBoundRun(session, checks, copied);
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
        if (checks.readsValues()) {
            checks.check(copied.inputs());
        }
        if (copied.isInUse()) {
            copied.run(context);
            return;
        }
        try {
            runBound(context);
        } catch (OrtException e) {
            if (context.isStopped()) {
                throw OfficialSession.failure(e);
            }
            copied.run(context);
        }
    }

    private void runBound(CallContext context) throws OrtException {
        context.onStop(stop);
        try {
            session.run(inputs, Set.of(), outputs, runOptions).close();
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
