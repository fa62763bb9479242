package dev.kitchen.stage.batching;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One call that waits for a batch. Owns its inputs: its caller may leave while they are read. */
final class Member {

    /** The outcome of a call that nobody will run but its own caller. */
    private static final Object ALONE = new Object();

    private final PredictionRequest request;
    private final CallContext context;
    private final int rows;
    private final long bytes;
    private final long dueNanos;
    private final Thread caller = Thread.currentThread();
    private volatile @Nullable Object outcome;
    /** The run it takes part in; guarded by the queue's lock. */
    private @Nullable SharedRun run;

    /**
     * A call of the calling thread.
     *
     * @param dueNanos when it is to be run at the latest, in ticker time
     */
    Member(PredictionRequest request, CallContext context, int rows, long dueNanos) {
        this.request = request.withInputs(request.inputs().owned());
        this.context = context;
        this.rows = rows;
        this.bytes = sizeBytes(request.inputs());
        this.dueNanos = dueNanos;
    }

    static long sizeBytes(NamedValues inputs) {
        long bytes = 0;
        for (int i = 0; i < inputs.size(); i++) {
            bytes += sizeBytes(inputs.value(i));
        }
        return bytes;
    }

    private static long sizeBytes(Value value) {
        if (!(value instanceof Tensor tensor) || tensor.type() != DataType.STRING) {
            return value instanceof Tensor tensor ? tensor.sizeBytes() : 0;
        }
        long bytes = 0;
        for (int i = 0; i < tensor.elementCount(); i++) {
            bytes += 2L * tensor.stringAt(i).length();
        }
        return bytes;
    }

    PredictionRequest request() {
        return request;
    }

    CallContext context() {
        return context;
    }

    int rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    long dueNanos() {
        return dueNanos;
    }

    @Nullable
    SharedRun run() {
        return run;
    }

    void joins(SharedRun next) {
        run = next;
    }

    /** Whether one run can answer both. */
    boolean joinsWith(Member other) {
        CallOptions options = request.options();
        CallOptions otherOptions = other.request.options();
        return request.inputs().joinsWith(other.request.inputs())
                && options.requestedOutputs().equals(otherOptions.requestedOutputs())
                && options.parameters().equals(otherOptions.parameters());
    }

    /** Whether nobody waits for its answer, or will not any moment now. */
    boolean isGone(long nowNanos) {
        return outcome != null || context.isStopped() || context.isExpired(nowNanos);
    }

    void answer(Prediction prediction) {
        end(prediction);
    }

    void fail(Throwable failure) {
        end(failure);
    }

    /** Lets the caller run by itself. */
    void runAlone() {
        end(ALONE);
    }

    private void end(Object result) {
        outcome = result;
        LockSupport.unpark(caller);
    }

    boolean isDone() {
        return outcome != null;
    }

    boolean hasFailed() {
        return outcome instanceof Throwable;
    }

    boolean runsAlone() {
        return ALONE.equals(outcome);
    }

    /** The answer of a call that is done; throws its failure. */
    Prediction result(String place) {
        Object result = outcome;
        if (result instanceof Throwable failure) {
            throw ForeignCode.typed(place, failure);
        }
        return (Prediction) Objects.requireNonNull(result);
    }
}
