package dev.kitchen.onnx;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * What one run needs besides the session: run options, room for the inputs, and the lists of handles. Used by one run at
 * a time and kept for the next one, whose inputs, where they have the same shapes, only have to be copied in.
 */
final class CallFrame {

    /** A larger input gets memory of its own for one run, so that idle frames hold little. */
    private static final int MAX_KEPT_BYTES = 4 << 20;

    private final CApi api;
    private final ForeignInputs creator;
    private final Arena arena = Arena.ofShared();
    private final long runOptions;
    private final MemorySegment inputHandles;
    private final MemorySegment outputHandles;
    private final KeptInput[] kept;
    private final MemorySegment outputNames;
    private boolean terminated;

    /** Memory for one input and the tensor over it, kept from run to run. */
    private static final class KeptInput {
        private @Nullable Arena arena;
        private MemorySegment data = MemorySegment.NULL;
        private long handle;
        private @Nullable DataType type;
        private @Nullable Shape shape;
        /** Whether the handle of the current run is not the kept one, and to be released after it. */
        private boolean temporary;

        boolean fits(Tensor tensor) {
            return tensor.type() == type && shape != null && shape.equals(tensor.shape());
        }

        @SuppressWarnings("MustBeClosedChecker") // closed when it is replaced, and with the frame
        void reserve(int bytes) {
            if (arena != null && data.byteSize() >= bytes) {
                return;
            }
            if (arena != null) {
                arena.close();
            }
            arena = Arena.ofShared();
            data = arena.allocate(Math.max(64, Integer.highestOneBit(Math.max(1, bytes - 1)) * 2L), 64);
        }
    }

    CallFrame(ForeignRuntime runtime, int maxInputs, int maxOutputs) throws CallFailedException {
        this.api = runtime.api();
        this.creator = new ForeignInputs(runtime);
        this.inputHandles = arena.allocate(ValueLayout.JAVA_LONG, 2L * Math.max(1, maxInputs));
        this.outputHandles = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, maxOutputs));
        this.outputNames = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, maxOutputs));
        this.kept = new KeptInput[maxInputs];
        for (int i = 0; i < maxInputs; i++) {
            kept[i] = new KeptInput();
        }
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        api.call(api.function(40), out.address());
        this.runOptions = out.get(ValueLayout.JAVA_LONG, 0);
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

    long outputHandle(int index) {
        return outputHandles.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    /** The names' addresses, which the session owns. */
    void setOutputs(long[] names) {
        for (int i = 0; i < names.length; i++) {
            outputNames.setAtIndex(ValueLayout.JAVA_LONG, i, names[i]);
            outputHandles.setAtIndex(ValueLayout.JAVA_LONG, i, 0);
        }
    }

    /**
     * Puts the inputs in place.
     *
     * @param callArena what does not outlive the call
     */
    void setInputs(Arena callArena, NamedValues inputs) throws CallFailedException {
        for (int i = 0; i < inputs.size(); i++) {
            inputHandles.setAtIndex(ValueLayout.JAVA_LONG, i, input(callArena, kept[i], inputs.value(i)));
        }
    }

    private long input(Arena callArena, KeptInput input, Value value) throws CallFailedException {
        boolean keepable = value instanceof Tensor tensor
                && !tensor.isBorrowed()
                && tensor.type() != DataType.STRING
                && tensor.sizeBytes() <= MAX_KEPT_BYTES;
        if (!keepable) {
            input.temporary = true;
            return temporary(callArena, input, value);
        }
        Tensor tensor = (Tensor) value;
        if (!input.fits(tensor)) {
            replace(callArena, input, tensor);
        }
        ForeignInputs.copy(input.data, tensor);
        return input.handle;
    }

    private long temporary(Arena callArena, KeptInput input, Value value) throws CallFailedException {
        try {
            return creator.create(callArena, value);
        } catch (CallFailedException | RuntimeException | Error e) {
            input.temporary = false;
            throw e;
        }
    }

    private void replace(Arena callArena, KeptInput input, Tensor tensor) throws CallFailedException {
        if (input.handle != 0) {
            creator.release(input.handle);
            input.handle = 0;
            input.shape = null;
        }
        input.reserve(tensor.sizeBytes());
        input.handle = creator.over(callArena, input.data.address(), tensor);
        input.type = tensor.type();
        input.shape = tensor.shape();
    }

    /** Stops the run that uses this frame. May come from any thread, while the run has not ended. */
    void terminate() {
        try {
            terminated = true;
            api.call(api.function(47), runOptions);
        } catch (CallFailedException e) {
            throw new IllegalStateException("a run cannot be stopped: " + e.getMessage(), e);
        }
    }

    /** Releases what the run made, and makes the frame fit for the next one. */
    void clear(int inputs, int outputs) {
        for (int i = 0; i < inputs; i++) {
            if (kept[i].temporary) {
                kept[i].temporary = false;
                creator.release(inputHandles.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
        }
        for (int i = 0; i < outputs; i++) {
            long handle = outputHandle(i);
            if (handle != 0) {
                outputHandles.setAtIndex(ValueLayout.JAVA_LONG, i, 0);
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
            api.call(api.function(48), runOptions);
        } catch (CallFailedException e) {
            throw new IllegalStateException("run options cannot be used again: " + e.getMessage(), e);
        }
    }

    void free() {
        for (KeptInput input : kept) {
            if (input.handle != 0) {
                creator.release(input.handle);
            }
            if (input.arena != null) {
                input.arena.close();
            }
        }
        api.release(api.function(98), runOptions);
        arena.close();
    }
}
