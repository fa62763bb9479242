package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_RUN_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_RUN_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.RUN_OPTIONS_SET_TERMINATE;
import static dev.kitchen.onnx.foreign.OrtFunction.RUN_OPTIONS_UNSET_TERMINATE;

import dev.kitchen.onnx.run.ElementLimits;
import dev.kitchen.onnx.run.OutputPlan;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run needs besides the session: run options, memory for inputs and outputs, and the lists of handles. Used by
 * one run at a time and kept for the next one; where that has the same shapes, data is only copied in and out. A frame
 * whose run threw anything is freed and never used again.
 */
final class CallFrame {

    private static final int SCRATCH_LONGS = 8;

    private final CApi api;
    private final ForeignInputs creator;
    private final Arena arena;
    private final MemorySegment inputHandles;
    private final MemorySegment outputHandles;
    private final MemorySegment outputNames;
    private final MemorySegment scratch;
    private final KeptTensor[] keptInputs;
    private final KeptTensor[] keptOutputs;
    /** Whether an input is not the kept one in this run, and to be released after it. */
    private final boolean[] temporary;
    /** Whether an output goes into the kept one. */
    private final boolean[] planned;
    /** The shapes of this run's inputs; null for one that is not a tensor. */
    private final @Nullable Shape[] inputShapes;

    private List<String> inputNames = List.of();
    private List<String> lastOutputs = List.of();
    private Object planRevision = this;
    /** Whether the plan was made for other names or shapes than those of this run. */
    private boolean planOutdated = true;

    private boolean failed;
    private boolean terminated;
    private long runOptions;

    @SuppressWarnings("MustBeClosedChecker") // closed in free()
    CallFrame(CEnvironment runtime, int maxInputs, int maxOutputs) throws CallFailedException {
        this.api = runtime.api();
        this.creator = new ForeignInputs(runtime);
        this.keptInputs = kept(maxInputs);
        this.keptOutputs = kept(maxOutputs);
        this.temporary = new boolean[maxInputs];
        this.planned = new boolean[maxOutputs];
        this.inputShapes = new Shape[maxInputs];
        this.arena = Arena.ofShared();
        try {
            this.inputHandles = longs(maxInputs);
            this.outputHandles = longs(maxOutputs);
            this.outputNames = longs(maxOutputs);
            this.scratch = longs(SCRATCH_LONGS);
            api.call(CREATE_RUN_OPTIONS, scratch.address());
            this.runOptions = scratch.get(ValueLayout.JAVA_LONG, 0);
        } catch (CallFailedException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment longs(int count) {
        return arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, count));
    }

    private KeptTensor[] kept(int count) {
        KeptTensor[] kept = new KeptTensor[count];
        Arrays.setAll(kept, it -> new KeptTensor(creator));
        return kept;
    }

    long runOptions() {
        return runOptions;
    }

    long inputHandles() {
        return inputHandles.address();
    }

    long outputHandles() {
        return outputHandles.address();
    }

    long outputNames() {
        return outputNames.address();
    }

    /** Room for what functions return by reference. */
    MemorySegment scratch() {
        return scratch;
    }

    long outputHandle(int index) {
        return outputHandles.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    boolean isPlanned(int output) {
        return planned[output];
    }

    Tensor plannedOutput(int index) {
        return keptOutputs[index].read();
    }

    /** Whether these are the outputs of the frame's last run, so that their names are in place. */
    boolean hasOutputs(List<String> names) {
        return names.equals(lastOutputs);
    }

    /** Puts the names in place, by their addresses, which the session owns. */
    void setOutputs(List<String> names, long[] addresses) {
        for (int i = 0; i < addresses.length; i++) {
            outputNames.setAtIndex(ValueLayout.JAVA_LONG, i, addresses[i]);
        }
        lastOutputs = names;
        planOutdated = true;
    }

    /** Puts the inputs in place. */
    void setInputs(CallArena callArena, NamedValues inputs) throws CallFailedException {
        if (!inputs.names().equals(inputNames)) {
            inputNames = inputs.names();
            planOutdated = true;
        }
        for (int i = 0; i < inputs.size(); i++) {
            setInput(callArena, i, inputs.value(i));
        }
    }

    private void setInput(CallArena callArena, int index, Value value) throws CallFailedException {
        boolean keepable = value instanceof Tensor tensor
                && !tensor.isBorrowed()
                && tensor.type() != DataType.STRING
                && tensor.sizeBytes() <= KeptTensor.MAX_BYTES;
        if (!keepable) {
            setShape(index, value instanceof Tensor tensor ? tensor.shape() : null);
            inputHandles.setAtIndex(ValueLayout.JAVA_LONG, index, creator.create(callArena.get(), value));
            temporary[index] = true;
            return;
        }
        Tensor tensor = (Tensor) value;
        KeptTensor kept = keptInputs[index];
        if (!kept.fits(tensor.type(), tensor.shape())) {
            kept.become(callArena, tensor.type(), tensor.shape());
        }
        kept.write(tensor);
        setShape(index, kept.shape());
        inputHandles.setAtIndex(ValueLayout.JAVA_LONG, index, kept.handle());
    }

    private void setShape(int index, @Nullable Shape shape) {
        if (!Objects.equals(inputShapes[index], shape)) {
            inputShapes[index] = shape;
            planOutdated = true;
        }
    }

    /**
     * Decides which outputs go into memory that exists already; ONNX Runtime makes the others.
     *
     * @return whether there are any
     * @throws dev.kitchen.error.InvalidRequestException if an output would be larger than the limits allow
     */
    boolean planOutputs(CallArena callArena, OutputPlan plan, ElementLimits limits, NamedValues inputs)
            throws CallFailedException {
        Object revision = plan.revision();
        if (planOutdated || !revision.equals(planRevision)) {
            for (int i = 0; i < lastOutputs.size(); i++) {
                planned[i] = plan(callArena, keptOutputs[i], limits, plan.foresee(lastOutputs.get(i), inputs));
            }
            planRevision = revision;
            planOutdated = false;
        }
        boolean any = false;
        for (int i = 0; i < lastOutputs.size(); i++) {
            outputHandles.setAtIndex(ValueLayout.JAVA_LONG, i, planned[i] ? keptOutputs[i].handle() : 0);
            any |= planned[i];
        }
        return any;
    }

    private static boolean plan(
            CallArena callArena, KeptTensor kept, ElementLimits limits, Optional<TensorSpec> foreseen)
            throws CallFailedException {
        if (foreseen.isEmpty()) {
            return false;
        }
        TensorSpec spec = foreseen.get();
        limits.checkOutput(spec.name(), spec.shape());
        if (spec.shape().elementCount() > KeptTensor.MAX_BYTES / spec.type().sizeBytes()) {
            return false;
        }
        if (!kept.fits(spec.type(), spec.shape())) {
            kept.become(callArena, spec.type(), spec.shape());
        }
        return true;
    }

    /** Lets ONNX Runtime make all outputs, after a run that failed. */
    void unplanOutputs() {
        failed = true;
        planOutdated = true;
        for (int i = 0; i < lastOutputs.size(); i++) {
            planned[i] = false;
            outputHandles.setAtIndex(ValueLayout.JAVA_LONG, i, 0);
        }
    }

    /** Whether a run with this frame failed. */
    boolean hasFailed() {
        return failed;
    }

    /** Stops the run that uses this frame. May come from any thread, while the run has not ended. */
    void terminate() {
        try {
            terminated = true;
            api.call(RUN_OPTIONS_SET_TERMINATE, runOptions);
        } catch (CallFailedException e) {
            throw new IllegalStateException("a run cannot be stopped: " + e.getMessage(), e);
        }
    }

    /** Releases what the run made, and makes the frame fit for the next one. */
    void clear(int inputs, int outputs) {
        for (int i = 0; i < inputs; i++) {
            if (temporary[i]) {
                temporary[i] = false;
                creator.release(inputHandles.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
        }
        for (int i = 0; i < outputs; i++) {
            long handle = outputHandle(i);
            outputHandles.setAtIndex(ValueLayout.JAVA_LONG, i, 0);
            if (handle != 0 && !planned[i]) {
                creator.release(handle);
            }
        }
        if (terminated) {
            resume();
        }
    }

    private void resume() {
        try {
            terminated = false;
            api.call(RUN_OPTIONS_UNSET_TERMINATE, runOptions);
        } catch (CallFailedException e) {
            throw new IllegalStateException("run options cannot be used again: " + e.getMessage(), e);
        }
    }

    void free() {
        for (KeptTensor kept : keptInputs) {
            kept.free();
        }
        for (KeptTensor kept : keptOutputs) {
            kept.free();
        }
        api.release(RELEASE_RUN_OPTIONS, runOptions);
        arena.close();
    }
}
