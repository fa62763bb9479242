package dev.kitchen;

import java.util.concurrent.ThreadFactory;

/** Threads as tests want them: found waiting, or virtual. */
final class Threads {

    private Threads() {}

    /** Starts a thread; returns once it waits for something. */
    static void startAndAwaitWaiting(Thread thread) {
        thread.setDaemon(true);
        thread.start();
        Waits.until(() -> thread.getState() == Thread.State.WAITING);
    }

    /** Returns once a thread whose name begins like this waits for something. */
    static void awaitWaiting(String nameBegins) {
        awaitWaiting(nameBegins, 1);
    }

    /** Returns once so many threads whose names begin like this wait for something. */
    static void awaitWaiting(String nameBegins, int count) {
        Waits.until(() -> Thread.getAllStackTraces().keySet().stream()
                        .filter(it -> it.getName().startsWith(nameBegins) && it.getState() == Thread.State.WAITING)
                        .count()
                >= count);
    }

    /** Whether this JDK has virtual threads. */
    static boolean hasVirtualOnes() {
        return Runtime.version().feature() >= 21;
    }

    /** Makes virtual threads; by name, as this compiles for JDK 17, which has none. */
    static ThreadFactory virtualOnes() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no virtual threads", e);
        }
    }
}
