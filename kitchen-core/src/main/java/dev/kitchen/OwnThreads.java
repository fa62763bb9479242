package dev.kitchen;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads of the kitchen, numbers them, and knows those that have not ended. */
final class OwnThreads {

    private final AtomicInteger number = new AtomicInteger();
    private final Set<Thread> liveThreads = ConcurrentHashMap.newKeySet();

    /** Threads whose names begin like this. */
    ThreadFactory named(String prefix) {
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            liveThreads.removeIf(it -> it.getState() == Thread.State.TERMINATED);
            liveThreads.add(thread);
            return thread;
        };
    }

    /** Waits for all to end, but no longer than that, and not for the thread that asks. */
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
