package dev.kitchen.call;

import dev.kitchen.base.Nanos;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.telemetry.SafeListener;
import java.time.Duration;
import java.util.Optional;

/** Starts the calls of one endpoint: when each began, and its deadline. Safe for use by many threads. */
public final class CallClock {

    private final Ticker ticker;
    private final SafeListener listener;
    private final Optional<Duration> defaultLimit;

    /**
     * The clock of an endpoint.
     *
     * @param defaultLimit the time limit of calls that set none; empty for no limit
     */
    public CallClock(Ticker ticker, SafeListener listener, Optional<Duration> defaultLimit) {
        this.ticker = ticker;
        this.listener = listener;
        this.defaultLimit = defaultLimit;
    }

    /** The time limit of calls that set none; empty for no limit. */
    public Optional<Duration> defaultLimit() {
        return defaultLimit;
    }

    /** Returns the context of a call that begins now. */
    public CallContext begin(CallOptions options) {
        long now = ticker.nanoTime();
        return new CallContext(now, deadline(now, options));
    }

    /** Returns the context of one run, which begins now and answers several calls. */
    CallContext beginJoined(int calls, CallOptions options) {
        long now = ticker.nanoTime();
        return CallContext.joining(calls, now, deadline(now, options));
    }

    /** Starts a call again with a context that was used before. Reads the clock only if the time is needed. */
    public void restart(CallContext context, CallOptions options) {
        boolean timed = defaultLimit.isPresent() || options.timeLimit().isPresent() || !listener.isEmpty();
        long now = timed ? ticker.nanoTime() : 0;
        context.restart(now, timed ? deadline(now, options) : CallContext.NO_DEADLINE);
    }

    private long deadline(long now, CallOptions options) {
        Optional<Duration> limit = options.timeLimit().isPresent() ? options.timeLimit() : defaultLimit;
        return limit.isPresent() ? Nanos.after(now, Nanos.of(limit.get())) : CallContext.NO_DEADLINE;
    }
}
