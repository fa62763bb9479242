package dev.kitchen.stage.batching;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Groups concurrent calls of one version into runs. Runs nothing after it was {@linkplain #close closed}. */
public final class BatchingPredictor implements Predictor, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BatchingPredictor.class);

    /** One call in so many runs by itself, as only that tells whether runs have become short. */
    private static final int SAMPLE = 256;

    private final BatchingConfig batching;
    private final Predictor next;
    private final VersionIdentity artifact;
    private final Waiting waiting;
    private final Ticker ticker;
    private final ThreadFactory threads;
    private final BatchReport report;
    private final TypicalRun typical;
    private final BatchQueue queue;
    private final BatchRuns runs;
    private volatile @Nullable String refusal;
    private volatile @Nullable String mismatch;
    private int joined;

    /**
     * Batching of one version.
     *
     * @param threads creates the threads that run batches; they end some time after {@link #close}
     */
    BatchingPredictor(
            BatchingConfig batching,
            Predictor next,
            VersionIdentity version,
            Waiting waiting,
            Ticker ticker,
            ThreadFactory threads,
            BatchReport report,
            BatchCheck check) {
        this.batching = batching;
        this.next = next;
        this.artifact = version;
        this.waiting = waiting;
        this.ticker = ticker;
        this.threads = threads;
        this.report = report;
        this.typical = new TypicalRun(Nanos.of(batching.aloneBelow()));
        BatchSize size = BatchSize.of(batching);
        this.queue = new BatchQueue(batching, size, ticker, this::startThread);
        BatchSampling sampling = new BatchSampling(batching.checkedShare(), check, this::mismatched);
        this.runs = new BatchRuns(
                next, artifact, queue, size, ticker, report, sampling, this::refuse, () -> refusal != null);
    }

    private boolean startThread() {
        return ForeignCode.attempt(
                artifact.place() + ": starting a thread for batches",
                () -> threads.newThread(this::work).start());
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        int rows = refusal == null ? request.inputs().rowCount() : 0;
        if (rows == 0 || rows > batching.maxItems()) {
            return unbatched(request, context);
        }
        if (typical.isShort()) {
            return quickly(request, context, rows);
        }
        if (batching.delay().isZero() && queue.tryRun()) {
            try {
                return alone(request, context, rows);
            } finally {
                queue.ran();
            }
        }
        return together(request, context, rows);
    }

    /** A short run is looked at now and then only: two looks at the clock would cost a good part of it. */
    private Prediction quickly(PredictionRequest request, CallContext context, int rows) {
        boolean timed = report.isWanted() || (context.startNanos() & 15) == 0 || context.calls() > 1;
        return timed ? alone(request, context, rows) : next.predict(request, context);
    }

    private Prediction alone(PredictionRequest request, CallContext context, int rows) {
        long start = ticker.nanoTime();
        Object begun = report.begin();
        Prediction prediction = next.predict(request, context);
        long nanos = ticker.nanoTime() - start;
        typical.record(nanos);
        report.ran(rows, context.calls(), nanos, begun);
        return prediction;
    }

    /** A run that no other call has a part in; one that answers several calls all the same is a batch. */
    private Prediction unbatched(PredictionRequest request, CallContext context) {
        return context.calls() > 1
                ? alone(request, context, request.inputs().rowCount())
                : next.predict(request, context);
    }

    private Prediction together(PredictionRequest request, CallContext context, int rows) {
        if (batching.delay().isZero() && ++joined % SAMPLE == 0) {
            return alone(request, context, rows);
        }
        long due = batching.delay().isZero() ? 0 : queue.due(context, ticker.nanoTime());
        Member member = new Member(request, context, rows, due);
        if (member.bytes() > batching.maxBytes()) {
            return unbatched(request, context);
        }
        await(member);
        return member.runsAlone() ? unbatched(request, context) : member.result(artifact.place());
    }

    /** Queues until the member is done; throws if its call is stopped before. */
    private void await(Member member) {
        boolean left = false;
        boolean running = false;
        try {
            if (!queue.add(member)) {
                throw new RejectedException(
                        Reason.QUEUE_FULL,
                        artifact.place() + ": " + batching.maxQueued() + " calls wait for a batch already");
            }
            waiting.await(member.context(), member::isDone);
        } finally {
            // Also where waiting itself failed: the version is kept in memory only as long as this call waits.
            if (!member.isDone()) {
                left = true;
                running = queue.leave(member);
            }
        }
        if (left && (member.context().isStopped() || !member.isDone())) {
            throw member.context().stoppedException(artifact.place(), running);
        }
    }

    /** What a batcher does until this is closed. Nothing that goes wrong with a batch ends it. */
    private void work() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = serveNext();
            }
        } finally {
            queue.threadEnded();
        }
    }

    private boolean serveNext() {
        try {
            Optional<SharedRun> run = queue.take();
            run.ifPresent(runs::serve);
            return run.isPresent();
        } catch (Throwable e) {
            ForeignCode.logFailure(artifact.place() + ": making a batch", e);
            queue.takeFirst().ifPresent(it -> it.fail(ForeignCode.typed(artifact.place(), e)));
            return true;
        }
    }

    /** Why calls are not batched; empty if they are. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** From now on calls are not batched. The first reason stays. */
    public void refuse(String reason) {
        if (refusal == null) {
            refusal = reason;
            LOGGER.warn("{}: is not batched: {}", artifact.place(), reason);
        }
    }

    /** How an answer of a batch differed from that of a run alone; empty if none is known to. */
    public Optional<String> mismatch() {
        return Optional.ofNullable(mismatch);
    }

    private void mismatched(String difference) {
        if (mismatch == null && refusal == null) {
            mismatch = difference;
            refuse(difference);
        }
    }

    /** Lets the threads end. Nobody calls any more. */
    @Override
    public void close() {
        queue.close();
    }
}
