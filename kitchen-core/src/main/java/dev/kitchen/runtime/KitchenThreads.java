package dev.kitchen.runtime;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

/**
 * The threads of a kitchen, all of which are created, named and joined here, except for the loader and the watcher, which
 * belong to the models. All pools create threads on demand. Safe for use by many threads.
 */
public final class KitchenThreads {

    private static final int POOL_SIZE = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

    private final Watchdog watchdog;
    private final Reaper reaper;
    private final AsyncCalls asyncCalls;
    private final WaitingCalls waiting;
    private final WorkerPool sharedRuns;
    private final WorkerPool fallbacks;
    private final WorkerPool batchChecks;
    private final OwnedThreads virtualCallers = new OwnedThreads();
    private final OwnedThreads batchers = new OwnedThreads();

    /**
     * Creates the pools and starts watchdog and reaper.
     *
     * @param drainLimit how long a retired version may have calls in flight before it is reported
     * @param asyncThreads the most threads that run asynchronous calls, 1 or more
     * @throws NotReadyException if a thread cannot be created
     */
    public KitchenThreads(Ticker ticker, Duration drainLimit, int asyncThreads) {
        this.watchdog = new Watchdog(ticker, drainLimit, "kitchen-watchdog");
        this.reaper = new Reaper("kitchen-reaper");
        this.waiting = new WaitingCalls(watchdog);
        this.asyncCalls = new AsyncCalls(asyncThreads, new WaitingCalls(watchdog));
        this.sharedRuns = WorkerPool.rejecting(POOL_SIZE, "kitchen-shared-run-");
        this.fallbacks = WorkerPool.queueing(POOL_SIZE, "kitchen-fallback-");
        this.batchChecks = WorkerPool.rejecting(Runtime.getRuntime().availableProcessors(), "kitchen-batch-check-");
        try {
            watchdog.start();
            reaper.start();
        } catch (NotReadyException e) {
            watchdog.close();
            throw e;
        }
    }

    /** Stops runs whose deadline has passed. */
    public Watchdog watchdog() {
        return watchdog;
    }

    /** Frees the sessions of retired versions. */
    public Reaper reaper() {
        return reaper;
    }

    /** Runs asynchronous calls. */
    public AsyncCalls asyncCalls() {
        return asyncCalls;
    }

    /** Where calls wait inside a stage. */
    public WaitingCalls waiting() {
        return waiting;
    }

    /** Runs that several calls wait for; rejects a run where all threads are busy. */
    public WorkerPool sharedRuns() {
        return sharedRuns;
    }

    /** Functions of fallbacks that have to return in time; queues them where all threads are busy. */
    public WorkerPool fallbacks() {
        return fallbacks;
    }

    /** Checks of batches; rejects a check where all threads are busy. */
    public WorkerPool batchChecks() {
        return batchChecks;
    }

    /** The threads that form and run batches. */
    public OwnedThreads batchers() {
        return batchers;
    }

    /**
     * Returns a new pool for long runs of one version on behalf of virtual threads: one pool per version, so that a version
     * that hangs holds up no other. The caller shuts it down.
     */
    public ThreadPoolExecutor newVirtualCallersPool() {
        return WorkerPool.queueing(POOL_SIZE, virtualCallers, "kitchen-run-");
    }

    /** Returns whether the calling thread is the watchdog or the reaper, for which closing would wait. */
    public boolean isCallerAwaitedByClose() {
        return watchdog.isCurrent() || reaper.isCurrent();
    }

    /** Returns a message for each service thread that died and could not be started again. */
    public List<String> problems() {
        return Stream.of(watchdog.problem(), reaper.problem())
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Ends all threads and waits for them. A thread that has not ended by then is left alone: it executes a run, or code of
     * the application, that does not return.
     *
     * @param end until when to wait, in {@link System#nanoTime} time
     */
    public void close(long end) {
        sharedRuns.close();
        fallbacks.close();
        batchChecks.close();
        watchdog.close();
        reaper.close();
        asyncCalls.awaitThreads(left(end));
        sharedRuns.awaitThreads(left(end));
        fallbacks.awaitThreads(left(end));
        batchChecks.awaitThreads(left(end));
        virtualCallers.awaitEnd(left(end));
        batchers.awaitEnd(left(end));
        watchdog.awaitEnd(left(end));
        reaper.awaitEnd(left(end));
    }

    private static long left(long end) {
        return Nanos.until(end, System.nanoTime());
    }
}
