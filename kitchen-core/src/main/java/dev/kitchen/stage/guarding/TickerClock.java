package dev.kitchen.stage.guarding;

import dev.kitchen.predict.Ticker;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A ticker in the shape of a wall clock, whose day begins when it is made. */
final class TickerClock extends Clock {

    private final Ticker ticker;
    private final long startNanos;

    TickerClock(Ticker ticker) {
        this.ticker = ticker;
        this.startNanos = ticker.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(ticker.nanoTime() - startNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a ticker has no time zone");
    }
}
