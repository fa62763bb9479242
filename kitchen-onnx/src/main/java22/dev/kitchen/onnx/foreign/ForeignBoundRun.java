package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.BIND_INPUT;
import static dev.kitchen.onnx.foreign.OrtFunction.BIND_OUTPUT;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_IO_BINDING;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_RUN_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_IO_BINDING;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_RUN_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.RUN_OPTIONS_SET_TERMINATE;
import static dev.kitchen.onnx.foreign.OrtFunction.RUN_OPTIONS_UNSET_TERMINATE;

import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** ONNX Runtime's own binding over Kitchen's memory: a run is one call of a C function and makes no objects. */
final class ForeignBoundRun implements BoundRun {

    private final CApi api;
    private final long session;
    private final ForeignInputs creator;
    /** Keeps the memory from being collected while ONNX Runtime knows its address. */
    private final List<BoundTensor> tensors = new ArrayList<>();

    private final long[] handles;
    private final Runnable stop = this::terminate;
    private int handleCount;
    private long runOptions;
    private long binding;
    private volatile boolean terminated;

    private ForeignBoundRun(CEnvironment runtime, long session, int tensors) {
        this.api = runtime.api();
        this.session = session;
        this.creator = new ForeignInputs(runtime);
        this.handles = new long[tensors];
    }

    /** Binds memory to a session. The names live as long as the session. */
    static ForeignBoundRun of(
            CEnvironment runtime, long session, ForeignNames names, List<BoundTensor> inputs, List<BoundTensor> outputs)
            throws CallFailedException {
        ForeignBoundRun made = new ForeignBoundRun(runtime, session, inputs.size() + outputs.size());
        try (Arena arena = Arena.ofConfined()) {
            made.create(arena);
            made.bind(arena, BIND_INPUT, names, inputs);
            made.bind(arena, BIND_OUTPUT, names, outputs);
            return made;
        } catch (CallFailedException | RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    private void create(Arena arena) throws CallFailedException {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        api.call(CREATE_RUN_OPTIONS, out.address());
        runOptions = out.get(ValueLayout.JAVA_LONG, 0);
        api.call(CREATE_IO_BINDING, session, out.address());
        binding = out.get(ValueLayout.JAVA_LONG, 0);
    }

    /** @param function {@code BIND_INPUT} or {@code BIND_OUTPUT} */
    private void bind(Arena arena, OrtFunction function, ForeignNames names, List<BoundTensor> bound)
            throws CallFailedException {
        for (BoundTensor tensor : bound) {
            tensors.add(tensor);
            long address = MemorySegment.ofBuffer(tensor.whole()).address();
            long handle = creator.over(
                    arena,
                    address,
                    tensor.type(),
                    tensor.shape(),
                    tensor.memory().capacity());
            handles[handleCount] = handle;
            handleCount++;
            api.call(function, binding, names.address(tensor.name()), handle);
        }
    }

    @Override
    public void run(CallContext context) {
        context.onStop(stop);
        try {
            api.runWithBinding(session, runOptions, binding);
        } catch (CallFailedException e) {
            throw ForeignSession.failure(e);
        } finally {
            context.clearOnStop();
            if (terminated) {
                resume();
            }
        }
    }

    private void terminate() {
        try {
            terminated = true;
            api.call(RUN_OPTIONS_SET_TERMINATE, runOptions);
        } catch (CallFailedException e) {
            throw new IllegalStateException("a run cannot be stopped: " + e.getMessage(), e);
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

    @Override
    public void close() {
        if (binding != 0) {
            api.release(RELEASE_IO_BINDING, binding);
            binding = 0;
        }
        while (handleCount > 0) {
            handleCount--;
            creator.release(handles[handleCount]);
        }
        if (runOptions != 0) {
            api.release(RELEASE_RUN_OPTIONS, runOptions);
            runOptions = 0;
        }
    }
}
