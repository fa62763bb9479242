package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import dev.kitchen.predict.Waiting;
import dev.kitchen.serving.CallStatistics;
import dev.kitchen.serving.Reaper;
import dev.kitchen.serving.SafeListener;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.WaitingCalls;
import dev.kitchen.serving.Watchdog;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.PredictionCache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all endpoints of a kitchen share: the threads, the clock, the listener, and whether it is still open. */
final class Engine {

    private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);

    /** How long a stopped run may take to notice: ONNX Runtime looks between nodes, and one node can be large. */
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int SHARED_RUN_THREADS =
            Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    private static final long STOP_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Ticker ticker;
    private final Optional<Duration> timeLimit;
    private final SafeListener listener;
    private final Watchdog watchdog;
    private final Reaper reaper;
    private final AsyncCalls asyncCalls;
    private final WaitingCalls waiting;
    private final SharedRuns sharedRuns;
    private final SharedRuns fallbacks;
    private final OwnThreads virtualCallersThreads = new OwnThreads();
    private final SharedRuns batchChecks;
    private final OwnThreads batcherThreads = new OwnThreads();
    private final Pipeline pipeline;
    private volatile boolean closed;

    Engine(Kitchen.Builder builder) {
        this.ticker = builder.ticker;
        this.timeLimit = builder.timeLimit;
        this.listener = new SafeListener(builder.listeners);
        this.watchdog = new Watchdog(ticker, builder.drainLimit, "kitchen-watchdog");
        this.reaper = new Reaper("kitchen-reaper");
        this.waiting = new WaitingCalls(watchdog);
        this.asyncCalls = new AsyncCalls(builder.asyncThreads, new WaitingCalls(watchdog));
        this.sharedRuns = SharedRuns.rejecting(SHARED_RUN_THREADS, "kitchen-shared-run-");
        this.fallbacks = SharedRuns.queueing(SHARED_RUN_THREADS, "kitchen-fallback-");
        this.batchChecks = SharedRuns.rejecting(Runtime.getRuntime().availableProcessors(), "kitchen-batch-check-");
        this.pipeline = new Pipeline(builder.endpoints, this);
        try {
            watchdog.start();
            reaper.start();
        } catch (NotReadyException e) {
            watchdog.close();
            throw e;
        }
    }

    /** For sessions that do not serve yet. */
    ServedModel.Environment environment() {
        return environment(Optional.empty());
    }

    /**
     * For a version that serves.
     *
     * @param rowsRefusal why its rows may not be batched; empty if they may
     */
    ServedModel.Environment environment(Optional<String> rowsRefusal) {
        return new ServedModel.Environment(ticker, watchdog, reaper, listener, new ServedModel.Stages() {
            @Override
            public Predictor before(
                    Predictor run, ModelArtifact artifact, CallStatistics calls, UnaryOperator<Predictor> leased) {
                return pipeline.before(run, artifact, calls, leased, rowsRefusal);
            }

            @Override
            public void retired(ModelArtifact artifact) {
                pipeline.retired(artifact);
            }

            @Override
            public void ended(ModelArtifact artifact) {
                pipeline.ended(artifact);
            }
        });
    }

    Pipeline pipeline() {
        return pipeline;
    }

    OwnThreads batcherThreads() {
        return batcherThreads;
    }

    Ticker ticker() {
        return ticker;
    }

    SafeListener listener() {
        return listener;
    }

    /** Where calls wait inside a stage. */
    Waiting waiting() {
        return waiting;
    }

    /** Whether closing would wait for the calling thread: it is the kitchen's own, or has called a listener. */
    boolean isPartOfIt() {
        return watchdog.isCurrent() || reaper.isCurrent() || listener.isTelling();
    }

    /** Why a thread does not do its work that calls or versions depend on, in words. */
    List<String> deadThreads() {
        return Stream.of(watchdog.problem(), reaper.problem())
                .flatMap(Optional::stream)
                .toList();
    }

    /** Versions that were swapped out and have calls in flight for too long, in words. */
    List<String> overdueDrains() {
        return watchdog.overdueDrains();
    }

    /** Versions with runs that have not ended long after they were stopped, in words. */
    List<String> overdueRuns() {
        return watchdog.overdueRuns();
    }

    /** Where runs go that several calls wait for. */
    SharedRuns sharedRuns() {
        return sharedRuns;
    }

    /** Makes threads for long runs of one version's virtual callers: where they hang no other version waits for them. */
    ThreadPoolExecutor virtualCallersRuns() {
        return SharedRuns.queueing(SHARED_RUN_THREADS, virtualCallersThreads, "kitchen-run-");
    }

    /** Where functions of fallbacks run that are to end in time. */
    SharedRuns fallbacks() {
        return fallbacks;
    }

    /** Where batches are checked. */
    SharedRuns batchChecks() {
        return batchChecks;
    }

    /** Forgets cached answers of a model. */
    void invalidateCache(String model, String versionPattern) {
        pipeline.options(model).caching().ifPresent(it -> invalidate(it.cache(), model, versionPattern));
    }

    private static void invalidate(PredictionCache cache, String model, String versionPattern) {
        try {
            cache.invalidate(CacheKey.literally(model), versionPattern);
        } catch (Throwable e) {
            throw ForeignCode.typed(
                    "endpoint '" + model + "': its cached answers cannot be forgotten", e, NotReadyException::new);
        }
    }

    /** Lets a call wait for so many nanoseconds, or until it is stopped. */
    void pause(CallContext context, long nanos) {
        waiting.pause(context, nanos);
    }

    /** What stands between callers and a model. */
    EndpointOptions options(String model) {
        return pipeline.options(model);
    }

    AsyncCalls asyncCalls() {
        return asyncCalls;
    }

    /** A call that begins now. */
    CallContext begin(CallOptions options, Optional<Duration> usualLimit) {
        long now = ticker.nanoTime();
        return new CallContext(now, deadline(now, options, usualLimit));
    }

    /** Lets several calls begin now that one run answers. */
    CallContext beginJoined(int calls, CallOptions options, Optional<Duration> usualLimit) {
        long now = ticker.nanoTime();
        return CallContext.joining(calls, now, deadline(now, options, usualLimit));
    }

    /** Lets a call begin now that is made anew from an old one. Looks at the clock only if somebody wants to know. */
    void restart(CallContext context, CallOptions options, Optional<Duration> usualLimit) {
        boolean timed = usualLimit.isPresent() || options.timeLimit().isPresent() || !listener.isEmpty();
        long now = timed ? ticker.nanoTime() : 0;
        context.restart(now, timed ? deadline(now, options, usualLimit) : CallContext.NO_DEADLINE);
    }

    /** The time limit of a model's calls that bring none. */
    Optional<Duration> usualLimit(String model) {
        return pipeline.options(model).timeLimit().or(() -> timeLimit);
    }

    private static long deadline(long now, CallOptions options, Optional<Duration> usualLimit) {
        Optional<Duration> limit = options.timeLimit().isPresent() ? options.timeLimit() : usualLimit;
        return limit.isPresent() ? Nanos.after(now, Nanos.of(limit.get())) : CallContext.NO_DEADLINE;
    }

    void requireOpen() {
        if (closed) {
            throw new NotReadyException("kitchen is closed");
        }
    }

    /** From now on calls are refused. */
    void refuseCalls() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Drains, stops what does not end, frees the models; waits for all of it, but not forever, and keeps interrupts.
     *
     * @param drainEnd when runs are to be stopped, in {@link System#nanoTime} time
     */
    void close(List<ServedModel> models, long drainEnd) {
        boolean interrupted = Thread.interrupted();
        try {
            drainAndFree(models, drainEnd);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void drainAndFree(List<ServedModel> models, long drainEnd) {
        refuseCalls();
        watchdog.stopReportingDrains();
        asyncCalls.drain(left(drainEnd));
        models.forEach(ServedModel::retire);
        List<ServedModel> stuck =
                models.stream().filter(it -> !it.awaitFreed(left(drainEnd))).toList();
        long stopEnd = System.nanoTime() + STOP_NANOS;
        List<ServedModel> leaked =
                stuck.stream().filter(it -> !stop(it, stopEnd)).toList();
        if (!leaked.isEmpty()) {
            reportLeaks(leaked);
        }
        endThreads(System.nanoTime() + (leaked.isEmpty() ? STOP_NANOS : 0));
    }

    /** Listeners may take their time, but the closing kitchen does not. */
    private static void reportLeaks(List<ServedModel> leaked) {
        ForeignCode.attemptWithin(
                STOP_NANOS,
                "kitchen-leak-report",
                "reporting models that are still in use",
                () -> leaked.forEach(ServedModel::reportLeak));
    }

    /** Threads that do not end by then are left: they hold a run, or code of the application's, that does not end. */
    private void endThreads(long end) {
        sharedRuns.close();
        fallbacks.close();
        batchChecks.close();
        watchdog.close();
        reaper.close();
        asyncCalls.awaitThreads(left(end));
        sharedRuns.awaitThreads(left(end));
        fallbacks.awaitThreads(left(end));
        batchChecks.awaitThreads(left(end));
        virtualCallersThreads.awaitEnd(left(end));
        batcherThreads.awaitEnd(left(end));
        watchdog.awaitEnd(left(end));
        reaper.awaitEnd(left(end));
    }

    private static long left(long end) {
        return Nanos.until(end, System.nanoTime());
    }

    /** Stops runs again and again: one that had only its lease when we looked first has begun by now. */
    private boolean stop(ServedModel model, long end) {
        LOGGER.warn("model {}: runs outlast the drain limit and are stopped", model.name());
        boolean freed = false;
        do {
            waiting.stopAll();
            model.terminateRuns();
            freed = model.awaitFreed(STOP_AGAIN_NANOS);
        } while (!freed && System.nanoTime() < end);
        return freed;
    }
}
