package dev.kitchen;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads that run batches. They end by themselves when their version leaves memory. */
final class BatcherThreads {

    private final AtomicInteger number = new AtomicInteger();
    private final Set<Thread> liveThreads = ConcurrentHashMap.newKeySet();

    /** For the batches of one model. */
    ThreadFactory of(String model) {
        return work -> {
            Thread thread = new Thread(work, "kitchen-batcher-" + model + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            liveThreads.removeIf(it -> it.getState() == Thread.State.TERMINATED);
            liveThreads.add(thread);
            return thread;
        };
    }

    /** Waits for all threads to end, but no longer than that, and not for the thread that asks. */
    void awaitEnd(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        for (Thread thread : liveThreads) {
            try {
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis > 0 && thread != Thread.currentThread()) {
                    thread.join(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
