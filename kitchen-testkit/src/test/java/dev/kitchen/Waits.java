package dev.kitchen;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do; a test that waits in vain fails and says where all threads are. */
final class Waits {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Leaves the processor to those it waits for. */
    private static final long PAUSE_NANOS = 50_000;

    private Waits() {}

    static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("waited in vain; the threads: " + threads());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What a wait comes to, for code that may not throw what it throws. */
    static <T> T get(Callable<T> wait) {
        try {
            return wait.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String threads() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            text.append('\n').append(entry.getKey());
            for (StackTraceElement element : entry.getValue()) {
                text.append("\n    ").append(element);
            }
        }
        return text.toString();
    }
}
