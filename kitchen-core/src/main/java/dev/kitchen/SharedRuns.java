package dev.kitchen;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for runs on behalf of other threads, created on demand. */
final class SharedRuns implements Executor {

    private final OwnThreads threads = new OwnThreads();
    private final ThreadPoolExecutor executor;

    private SharedRuns(int core, int count, BlockingQueue<Runnable> queue, String prefix) {
        this.executor = new ThreadPoolExecutor(core, count, 30, TimeUnit.SECONDS, queue, threads.named(prefix));
        this.executor.allowCoreThreadTimeOut(core > 0);
    }

    /** Rejects a run where all threads are busy. */
    static SharedRuns rejecting(int count, String prefix) {
        return new SharedRuns(0, count, new SynchronousQueue<>(), prefix);
    }

    /** Where all threads are busy a run waits. */
    static SharedRuns queueing(int count) {
        return new SharedRuns(count, count, new LinkedBlockingQueue<>(), "kitchen-run-");
    }

    @Override
    public void execute(Runnable run) {
        executor.execute(run);
    }

    /** Takes no more runs, and waits for the threads to end, but no longer than that. */
    void close(Duration limit) {
        executor.shutdown();
        threads.awaitEnd(limit);
    }
}
