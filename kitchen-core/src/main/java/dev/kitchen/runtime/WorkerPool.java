package dev.kitchen.runtime;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for work on behalf of other threads, created on demand; those that idle are used before others are created. */
public final class WorkerPool implements Executor {

    private static final long IDLE_SECONDS = 30;

    private final OwnedThreads threads;
    private final ThreadPoolExecutor executor;

    private WorkerPool(OwnedThreads threads, ThreadPoolExecutor executor) {
        this.threads = threads;
        this.executor = executor;
    }

    /** Rejects work where all threads are busy. */
    static WorkerPool rejecting(int count, String prefix) {
        OwnedThreads threads = new OwnedThreads();
        return new WorkerPool(threads, executor(count, new SynchronousQueue<>(), threads.named(prefix)));
    }

    /** Where all threads are busy work waits. */
    static WorkerPool queueing(int count, String prefix) {
        OwnedThreads threads = new OwnedThreads();
        return new WorkerPool(threads, queueing(count, threads, prefix));
    }

    /** As {@link #queueing(int, String)}, for somebody who knows the threads of several of these. */
    static ThreadPoolExecutor queueing(int count, OwnedThreads threads, String prefix) {
        HandOver queue = new HandOver();
        ThreadPoolExecutor executor = executor(count, queue, threads.named(prefix));
        executor.setRejectedExecutionHandler((work, full) -> {
            if (full.isShutdown()) {
                throw new RejectedExecutionException("closed");
            }
            queue.put(work);
            if (full.isShutdown() && queue.remove(work)) {
                throw new RejectedExecutionException("closed");
            }
        });
        return executor;
    }

    private static ThreadPoolExecutor executor(int count, BlockingQueue<Runnable> queue, ThreadFactory factory) {
        return new ThreadPoolExecutor(0, count, IDLE_SECONDS, TimeUnit.SECONDS, queue, factory);
    }

    /** Takes work only where a thread waits for it, so that the executor creates a thread before work has to wait. */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable work) {
            return tryTransfer(work);
        }
    }

    @Override
    public void execute(Runnable run) {
        executor.execute(run);
    }

    /** Takes no more work; what waits is done. Does not block. */
    void close() {
        executor.shutdown();
    }

    /** Waits for the threads to end, but no longer than that. */
    void awaitThreads(long nanos) {
        threads.awaitEnd(nanos);
    }
}
