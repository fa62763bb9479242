package dev.kitchen.runtime;

import dev.kitchen.base.Nanos;
import dev.kitchen.base.ServiceThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads of the kitchen, numbers them, and knows those that have not ended. */
public final class OwnedThreads {

    private final AtomicInteger number = new AtomicInteger();
    private final Set<Thread> liveThreads = ConcurrentHashMap.newKeySet();

    /** Threads whose names begin like this. */
    public ThreadFactory named(String prefix) {
        return work -> {
            Thread thread = new Thread(work, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            liveThreads.removeIf(it -> it.getState() == Thread.State.TERMINATED);
            liveThreads.add(thread);
            return thread;
        };
    }

    /**
     * Waits for all to end, but no longer than that, and not for the thread that asks. An interrupt is kept for later.
     *
     * @return whether all others have ended
     */
    public boolean awaitEnd(long nanos) {
        long end = Nanos.after(System.nanoTime(), nanos);
        boolean all = true;
        for (Thread thread : liveThreads) {
            // One that could not be started is new for ever.
            if (!thread.equals(Thread.currentThread()) && thread.getState() != Thread.State.NEW) {
                all &= ServiceThread.awaitEnd(thread, Nanos.until(end, System.nanoTime()));
            }
        }
        return all;
    }

    /** Whether the calling thread is one of these. */
    boolean haveCurrent() {
        return liveThreads.contains(Thread.currentThread());
    }
}
