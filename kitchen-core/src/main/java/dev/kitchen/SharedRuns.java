package dev.kitchen;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for runs that several calls wait for. Nothing queues here: where all are busy, the caller's own thread runs. */
final class SharedRuns implements Executor {

    private final OwnThreads threads = new OwnThreads();
    private final ThreadPoolExecutor executor;

    SharedRuns(int count) {
        this.executor = new ThreadPoolExecutor(
                0, count, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads.named("kitchen-shared-run-"));
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
