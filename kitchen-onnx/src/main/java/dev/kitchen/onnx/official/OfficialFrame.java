package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.onnx.run.ElementLimits;
import dev.kitchen.onnx.run.OutputPlan;
import dev.kitchen.predict.CallContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one run through the official API needs: run options, and tensors for inputs and foreseeable outputs. Used by one
 * run at a time and kept for the next one; where that has the same shapes, its data only has to be copied in and out.
 */
final class OfficialFrame {

    private final OrtEnvironment environment;
    private final OutputPlan plan;
    private final ElementLimits limits;
    private final boolean wideCharacters;
    private final OrtSession.RunOptions runOptions;
    private final Map<String, OfficialKept> keptInputs = new LinkedHashMap<>();
    private final Map<String, OfficialKept> keptOutputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> feed = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
    private final Runnable stop = this::terminate;
    private List<String> plannedOutputs = List.of();
    private Object planRevision = this;
    private boolean failed;
    private volatile boolean terminated;

    OfficialFrame(OrtEnvironment environment, OutputPlan plan, ElementLimits limits, boolean wideCharacters)
            throws OrtException {
        this.environment = environment;
        this.plan = plan;
        this.limits = limits;
        this.wideCharacters = wideCharacters;
        this.runOptions = new OrtSession.RunOptions();
    }

    /** Whether all of these can lie in kept tensors. */
    static boolean canTake(NamedValues inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            boolean keepable = inputs.value(i) instanceof Tensor tensor
                    && !tensor.isBorrowed()
                    && OfficialKept.canKeep(tensor.type(), tensor.shape());
            if (!keepable) {
                return false;
            }
        }
        return true;
    }

    NamedValues run(OrtSession session, NamedValues inputs, List<String> outputs, CallContext context)
            throws OrtException {
        boolean changed = write(inputs);
        Object revision = plan.revision();
        if (changed || !revision.equals(planRevision) || !outputs.equals(plannedOutputs)) {
            planOutputs(inputs, outputs);
            planRevision = revision;
        }
        if (pinned.isEmpty()) {
            return runUnplanned(session, outputs, context);
        }
        try {
            run(session, Set.of(), pinned, context).close();
        } catch (OrtException e) {
            if (context.isStopped()) {
                throw e;
            }
            failed = true;
            NamedValues answer = runUnplanned(session, outputs, context);
            plan.learn(inputs, answer);
            return answer;
        }
        return readPinned(outputs);
    }

    /** Whether a run with this frame failed, so that it is not to be used again. */
    boolean hasFailed() {
        return failed;
    }

    /** Puts the inputs in place; returns whether one of them has another shape than in the run before. */
    private boolean write(NamedValues inputs) throws OrtException {
        boolean changed = false;
        for (int i = 0; i < inputs.size(); i++) {
            Tensor tensor = (Tensor) inputs.value(i);
            OfficialKept kept = keptInputs.get(inputs.name(i));
            if (kept == null || !kept.fits(tensor.type(), tensor.shape())) {
                kept = replace(keptInputs, feed, inputs.name(i), new TensorSpec("", tensor.type(), tensor.shape()));
                changed = true;
            }
            kept.write(tensor);
        }
        return changed;
    }

    private OfficialKept replace(
            Map<String, OfficialKept> kept, Map<String, OnnxTensor> tensors, String name, TensorSpec spec)
            throws OrtException {
        OfficialKept fresh = new OfficialKept(environment, spec.type(), spec.shape());
        OfficialKept old;
        try {
            old = kept.put(name, fresh);
        } catch (RuntimeException | Error e) {
            fresh.free();
            throw e;
        }
        tensors.put(name, fresh.tensor());
        if (old != null) {
            old.free();
        }
        return fresh;
    }

    /** Outputs go into memory that is there already, if the shapes of all of them can be foreseen. */
    private void planOutputs(NamedValues inputs, List<String> outputs) throws OrtException {
        pinned.clear();
        keptOutputs.values().forEach(OfficialKept::free);
        keptOutputs.clear();
        plannedOutputs = List.of();
        Map<String, TensorSpec> foreseen = new LinkedHashMap<>();
        for (String output : outputs) {
            Optional<TensorSpec> spec = plan.foresee(output, inputs);
            spec.ifPresent(it -> limits.checkOutput(output, it.shape()));
            spec.filter(it -> OfficialKept.canKeep(it.type(), it.shape())).ifPresent(it -> foreseen.put(output, it));
        }
        if (foreseen.keySet().containsAll(outputs)) {
            for (Map.Entry<String, TensorSpec> output : foreseen.entrySet()) {
                replace(keptOutputs, pinned, output.getKey(), output.getValue());
            }
        }
        plannedOutputs = outputs;
    }

    private NamedValues runUnplanned(OrtSession session, List<String> outputs, CallContext context)
            throws OrtException {
        try (OfficialOutputs result = new OfficialOutputs(
                run(session, new LinkedHashSet<>(outputs), Map.of(), context), limits, wideCharacters)) {
            return result.read(outputs);
        }
    }

    private NamedValues readPinned(List<String> outputs) {
        Value[] values = new Value[outputs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Objects.requireNonNull(keptOutputs.get(outputs.get(i))).read();
        }
        return NamedValues.of(outputs, values);
    }

    private OrtSession.Result run(
            OrtSession session, Set<String> requested, Map<String, OnnxTensor> into, CallContext context)
            throws OrtException {
        context.onStop(stop);
        try {
            return session.run(feed, requested, into, runOptions);
        } finally {
            context.clearOnStop();
            if (terminated) {
                terminated = false;
                runOptions.setTerminate(false);
            }
        }
    }

    private void terminate() {
        try {
            terminated = true;
            runOptions.setTerminate(true);
        } catch (OrtException e) {
            throw new IllegalStateException("a run cannot be stopped: " + e.getMessage(), e);
        }
    }

    void free() {
        keptInputs.values().forEach(OfficialKept::free);
        keptOutputs.values().forEach(OfficialKept::free);
        runOptions.close();
    }
}
