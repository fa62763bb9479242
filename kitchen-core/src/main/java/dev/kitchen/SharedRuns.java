package dev.kitchen;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for runs that several calls wait for. Nothing queues here: where all are busy, the caller's own thread runs. */
final class SharedRuns implements Executor {

    private final Set<Thread> liveThreads = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor executor;

    SharedRuns(int threads) {
        AtomicInteger number = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(0, threads, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "kitchen-shared-run-" + number.incrementAndGet());
            thread.setDaemon(true);
            liveThreads.removeIf(it -> it.getState() == Thread.State.TERMINATED);
            liveThreads.add(thread);
            return thread;
        });
    }

    @Override
    public void execute(Runnable run) {
        executor.execute(run);
    }

    /** Takes no more runs, and waits for the threads to end, but no longer than that. */
    void close(Duration limit) {
        executor.shutdown();
        long end = System.nanoTime() + limit.toNanos();
        for (Thread thread : liveThreads) {
            try {
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis > 0) {
                    thread.join(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
