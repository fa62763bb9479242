package dev.kitchen.serving;

import dev.kitchen.predict.CallContext;

/** Calls that wait for a thread: their time runs out as it does for those that run. */
public final class WaitingCalls {

    private final InFlight inFlight = new InFlight();
    private final Watchdog watchdog;

    public WaitingCalls(Watchdog watchdog) {
        this.watchdog = watchdog;
        watchdog.watch(inFlight);
    }

    /**
     * Adds a call.
     *
     * @param onStop quick, does not block; runs at most once, on any thread
     * @return the ticket to leave with
     */
    public int enter(CallContext context, Runnable onStop) {
        context.onStop(onStop);
        int ticket = inFlight.enter(context);
        if (context.hasDeadline()) {
            watchdog.expect(context);
        }
        return ticket;
    }

    /** The call no longer waits. When this returns, what was to run on its stop neither runs nor will. */
    public void leave(int ticket, CallContext context) {
        inFlight.leave(ticket, context);
        context.clearOnStop();
    }
}
