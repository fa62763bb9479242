package dev.kitchen;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for runs that calls of other threads wait for. As long as none is needed there is none. */
final class SharedRuns implements Executor {

    private final OwnThreads threads = new OwnThreads();
    private final ThreadPoolExecutor executor;

    private SharedRuns(int core, int count, BlockingQueue<Runnable> queue, String prefix) {
        this.executor = new ThreadPoolExecutor(core, count, 30, TimeUnit.SECONDS, queue, threads.named(prefix));
        this.executor.allowCoreThreadTimeOut(core > 0);
    }

    /** Where all threads are busy a run is rejected: the caller's own thread runs. */
    static SharedRuns rejecting(int count) {
        return new SharedRuns(0, count, new SynchronousQueue<>(), "kitchen-shared-run-");
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
