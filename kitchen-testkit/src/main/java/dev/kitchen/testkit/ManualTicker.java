package dev.kitchen.testkit;

import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class ManualTicker implements Ticker {

    // Not zero, as System.nanoTime is not either.
    private final AtomicLong nanos = new AtomicLong(-123_456_789);

    public ManualTicker() {}

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /** Moves the clock on. */
    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
