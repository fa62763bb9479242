package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.StackRoom;
import dev.kitchen.bound.BoundBuffers;
import dev.kitchen.bound.BoundVersion;
import dev.kitchen.call.EndpointCalls;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.serving.Lineup;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A call whose memory is made once: write the inputs, {@link #run}, read the outputs, again and again, without garbage.
 *
 * <p>Exclusive: one thread uses it at a time, and it may move between threads if they hand it over properly (through a
 * queue, a lock). A {@code run} during another one throws {@link IllegalStateException}, so does any use after
 * {@link #close}. Writing to the inputs during a run gives an answer to whatever was there.
 *
 * <p>When another version takes the endpoint over, the next run binds to it by itself. Between runs it keeps no version
 * from being unloaded.
 */
public final class BoundCall implements AutoCloseable {

    private enum State {
        IDLE,
        BUSY,
        CLOSED_WHILE_BUSY,
        CLOSED
    }

    private final EndpointCalls calls;
    private final ServingSlot slot;
    private final BoundBuffers buffers;
    private final int rows;
    private final CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
    private final StackRoom stackRoom = new StackRoom();
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private @Nullable BoundVersion bound;
    private boolean answered;

    BoundCall(EndpointCalls calls, BoundBuffers buffers) {
        this.calls = calls;
        this.slot = calls.slot();
        this.buffers = buffers;
        this.rows = buffers.rows();
        ServedVersion model = slot.acquire(Lineup.CURRENT, context);
        try {
            this.bound = BoundVersion.of(model, buffers);
        } finally {
            model.release();
        }
    }

    /**
     * The memory of an input: direct, in the machine's byte order, as large as the bound shape; zeros at first. The same
     * buffer each time, so keep it, or a view such as {@link ByteBuffer#asFloatBuffer}. Kitchen goes by its start and
     * capacity, never by its position and limit. BOOL elements are one byte, 0 or 1.
     *
     * @throws InvalidRequestException if no such input is bound
     */
    public ByteBuffer input(String name) {
        return buffers.input(name);
    }

    /**
     * The memory of an output, as for {@link #input}; it holds the answer of the last run, and anything after one that
     * failed.
     *
     * @throws InvalidRequestException if no such output is bound: one whose shape is not known before the run, or that
     *     is no tensor of numbers, is read with {@link #value}
     */
    public ByteBuffer output(String name) {
        return buffers.output(name);
    }

    /** Runs the model with the kitchen's time limit. See {@link Endpoint} for what it throws. */
    public void run() {
        run(CallOptions.defaults());
    }

    /**
     * Runs the model.
     *
     * @param options without requested outputs: all are bound
     * @throws InvalidRequestException also if a new version has other shapes than are bound
     * @throws IllegalStateException if a run is under way, or this is closed
     */
    public void run(CallOptions options) {
        if (!options.requestedOutputs().isEmpty()) {
            throw new InvalidRequestException("endpoint '" + slot.model() + "': requested outputs "
                    + MessageText.of(options.requestedOutputs()) + " for a bound call, which computes all of them");
        }
        enter();
        try {
            calls.requireOpen();
            calls.clock().restart(context, options);
            runAndReport(options);
        } finally {
            leave();
        }
    }

    private void runAndReport(CallOptions options) {
        answered = false;
        stackRoom.require();
        Object begun = calls.counts().begin();
        ServedVersion model = acquire(options, begun);
        KitchenException failure = null;
        try {
            model.run(boundTo(model), context);
            model.calls().answered();
            answered = true;
        } catch (Throwable e) {
            failure = ForeignCode.typed(model.place(), e);
            model.calls().failed(failure);
            throw failure;
        } finally {
            model.release();
            calls.counts().ranBound(model, options, rows, context, failure, begun);
        }
    }

    private ServedVersion acquire(CallOptions options, @Nullable Object begun) {
        try {
            return slot.acquire(options.version(), context);
        } catch (Throwable e) {
            KitchenException failure = ForeignCode.typed("endpoint '" + slot.model() + "'", e);
            throw calls.counts().notReached(failure, options, rows, context, begun);
        }
    }

    private BoundVersion boundTo(ServedVersion model) {
        BoundVersion present = bound;
        if (present != null && present.model() == model) {
            return present;
        }
        unbind();
        BoundVersion fresh = BoundVersion.of(model, buffers);
        bound = fresh;
        return fresh;
    }

    private void unbind() {
        BoundVersion present = bound;
        bound = null;
        if (present != null) {
            present.model().detach(present);
        }
    }

    /**
     * A copy of any output of the last run.
     *
     * @throws InvalidRequestException if there is no such output, or no answer: nothing ran yet, or the last run failed
     * @throws IllegalStateException if a run is under way, or this is closed
     */
    public Value value(String name) {
        enter();
        try {
            BoundVersion present = bound;
            if (!answered || present == null) {
                throw new InvalidRequestException("endpoint '" + slot.model()
                        + "': the bound call has no answer: nothing ran yet, or the last run failed");
            }
            return present.value(name);
        } finally {
            leave();
        }
    }

    /** The version that the last run bound to, or that will answer the first one. */
    public String version() {
        BoundVersion present = bound;
        return present == null ? slot.current().version() : present.model().version();
    }

    private void enter() {
        if (!state.compareAndSet(State.IDLE, State.BUSY)) {
            throw new IllegalStateException("endpoint '" + slot.model() + "': the bound call is "
                    + (state.get() == State.BUSY ? "in use by another thread" : "closed"));
        }
    }

    private void leave() {
        if (!state.compareAndSet(State.BUSY, State.IDLE)) {
            try {
                unbind();
            } finally {
                state.set(State.CLOSED);
            }
        }
    }

    /** Frees what was bound; after a run that is under way, at its end. The buffers stay readable. May be called twice. */
    @Override
    public void close() {
        while (!state.compareAndSet(State.BUSY, State.CLOSED_WHILE_BUSY)) {
            if (state.compareAndSet(State.IDLE, State.BUSY)) {
                state.set(State.CLOSED_WHILE_BUSY);
                leave();
                return;
            }
            if (isClosed()) {
                return;
            }
        }
    }

    private boolean isClosed() {
        State now = state.get();
        return now == State.CLOSED || now == State.CLOSED_WHILE_BUSY;
    }
}
