package dev.kitchen.redis;

import dev.kitchen.predict.Ticker;
import java.time.Duration;

/**
 * Keeps calls from waiting for a Redis that does not answer: after some failures among the last calls nobody asks for a
 * while; then one does, and its luck decides. The while doubles as long as nothing changes.
 */
final class Breaker {

    private static final int WINDOW = 16;
    private static final int MAX_FAILURES = 4;
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Ticker ticker;
    private final Object lock = new Object();
    /** The last calls, one bit each, failures set. */
    private int failures;

    private volatile boolean open;
    private boolean probing;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long openUntilNanos;

    Breaker(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Whether a call may ask. Who may, tells how it went. */
    boolean allows() {
        if (!open) {
            return true;
        }
        synchronized (lock) {
            if (!open) {
                return true;
            }
            if (probing || ticker.nanoTime() - openUntilNanos < 0) {
                return false;
            }
            probing = true;
            return true;
        }
    }

    boolean isOpen() {
        return open;
    }

    void succeeded() {
        synchronized (lock) {
            failures = failures << 1 & (1 << WINDOW) - 1;
            if (probing) {
                open = false;
                probing = false;
                failures = 0;
                pauseNanos = FIRST_PAUSE_NANOS;
            }
        }
    }

    void failed() {
        synchronized (lock) {
            failures = (failures << 1 | 1) & (1 << WINDOW) - 1;
            if (probing) {
                pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
                pause();
            } else if (!open && Integer.bitCount(failures) >= MAX_FAILURES) {
                pause();
            }
        }
    }

    /** The call that was allowed did not ask: nobody knows anything new. */
    void unknown() {
        synchronized (lock) {
            probing = false;
        }
    }

    /** There is a new connection: it is asked at once. */
    void connected() {
        synchronized (lock) {
            open = false;
            probing = false;
            failures = 0;
            pauseNanos = FIRST_PAUSE_NANOS;
        }
    }

    private void pause() {
        open = true;
        probing = false;
        openUntilNanos = ticker.nanoTime() + pauseNanos;
    }
}
