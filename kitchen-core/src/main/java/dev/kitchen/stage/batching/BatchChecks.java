package dev.kitchen.stage.batching;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.compare.RowsComparison;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.NamedValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the requests of some batches of a version again, each alone and on a thread of its own, and compares the answers. One
 * batch at a time: what comes meanwhile is not checked.
 */
final class BatchChecks implements BatchCheck, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BatchChecks.class);

    private final VersionIdentity artifact;
    private final Predictor alone;
    private final Executor threads;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable CallContext running;
    private volatile boolean closed;

    /**
     * Checks for one version.
     *
     * @param alone runs a request, and keeps the version in memory meanwhile
     * @param threads rejects what it has no thread for
     */
    BatchChecks(VersionIdentity artifact, Predictor alone, Executor threads) {
        this.artifact = artifact;
        this.alone = alone;
        this.threads = threads;
    }

    /** Checks a batch if none is being checked. */
    @Override
    public void begin(List<PredictionRequest> requests, List<NamedValues> answers, Consumer<String> mismatch) {
        if (closed || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            threads.execute(() -> check(requests, answers, mismatch));
        } catch (Throwable e) {
            busy.set(false);
            LOGGER.debug("{}: a batch is not checked", artifact.place(), e);
        }
    }

    private void check(List<PredictionRequest> requests, List<NamedValues> answers, Consumer<String> mismatch) {
        try {
            difference(requests, answers).ifPresent(mismatch);
        } catch (KitchenException e) {
            LOGGER.debug("{}: a batch could not be checked", artifact.place(), e);
        } catch (Throwable e) {
            ForeignCode.logFailure(artifact.place() + ": the check of a batch", e);
        } finally {
            busy.set(false);
        }
    }

    private Optional<String> difference(List<PredictionRequest> requests, List<NamedValues> answers) {
        List<NamedValues> inputs = new ArrayList<>();
        List<NamedValues> expected = new ArrayList<>();
        for (PredictionRequest request : requests) {
            inputs.add(request.inputs());
            expected.add(run(request));
        }
        PredictionRequest any = requests.get(0);
        RowsComparison comparison = new RowsComparison(inputs, expected, changed -> run(any.withInputs(changed)));
        for (int i = 0; i < answers.size(); i++) {
            Optional<String> difference =
                    comparison.difference(i, answers.get(i), "request " + i + " of " + answers.size() + " in a batch");
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private NamedValues run(PredictionRequest request) {
        CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
        running = context;
        if (closed) {
            context.stop(StopReason.CLOSING);
        }
        return alone.predict(request, context).outputs();
    }

    /** Checks nothing more, and stops the run under way. Does not block. */
    @Override
    public void close() {
        closed = true;
        CallContext context = running;
        if (context != null) {
            context.stop(StopReason.CLOSING);
        }
    }
}
