package dev.kitchen.onnx;

import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.RunContext;
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

    private ForeignBoundRun(ForeignRuntime runtime, long session, int tensors) {
        this.api = runtime.api();
        this.session = session;
        this.creator = new ForeignInputs(runtime);
        this.handles = new long[tensors];
    }

    /** Binds memory to a session. The names live as long as the session. */
    static ForeignBoundRun of(
            ForeignRuntime runtime,
            long session,
            ForeignNames names,
            List<BoundTensor> inputs,
            List<BoundTensor> outputs)
            throws CallFailedException {
        ForeignBoundRun made = new ForeignBoundRun(runtime, session, inputs.size() + outputs.size());
        try (Arena arena = Arena.ofConfined()) {
            made.create(arena);
            made.bind(arena, 137, names, inputs);
            made.bind(arena, 138, names, outputs);
            return made;
        } catch (CallFailedException | RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    private void create(Arena arena) throws CallFailedException {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        api.call(api.function(40), out.address()); // CreateRunOptions
        runOptions = out.get(ValueLayout.JAVA_LONG, 0);
        api.call(api.function(135), session, out.address()); // CreateIoBinding
        binding = out.get(ValueLayout.JAVA_LONG, 0);
    }

    /** @param function BindInput or BindOutput */
    private void bind(Arena arena, int function, ForeignNames names, List<BoundTensor> bound)
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
            api.call(api.function(function), binding, names.address(tensor.name()), handle);
        }
    }

    @Override
    public void run(RunContext context) {
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
            api.call(api.function(47), runOptions);
        } catch (CallFailedException e) {
            throw new IllegalStateException("a run cannot be stopped: " + e.getMessage(), e);
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

    @Override
    public void close() {
        if (binding != 0) {
            api.release(api.function(136), binding);
            binding = 0;
        }
        while (handleCount > 0) {
            handleCount--;
            creator.release(handles[handleCount]);
        }
        if (runOptions != 0) {
            api.release(api.function(98), runOptions);
            runOptions = 0;
        }
    }
}
