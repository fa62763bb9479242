package dev.kitchen.proof;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.KitchenException;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.InFlight;
import dev.kitchen.session.SessionContext;
import dev.kitchen.session.SessionRuns;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.ValueSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a session that does not serve yet, each run within a time limit, and all of them until they are stopped. */
final class ProofRuns implements AutoCloseable {

    private final InferenceSession session;
    private final Duration limit;
    private final SessionContext environment;
    private final List<String> outputNames;
    private final InFlight inFlight = new InFlight();
    private volatile boolean stopped;

    ProofRuns(InferenceSession session, Duration limit, SessionContext environment) {
        this.session = session;
        this.limit = limit;
        this.environment = environment;
        this.outputNames =
                session.signature().outputs().stream().map(ValueSpec::name).toList();
        environment.watchdog().watch(inFlight);
    }

    /**
     * All outputs for these inputs, which fit the signature.
     *
     * @param what is run, as the beginning of a message
     * @throws KitchenException {@code InvalidRequestException} if the runtime refuses the inputs,
     *     {@code DeadlineExceededException} if time ran out, {@code NotReadyException} if the proof was stopped
     */
    NamedValues run(String what, NamedValues inputs) {
        long now = environment.ticker().nanoTime();
        CallContext context = new CallContext(now, Nanos.after(now, Nanos.of(limit)));
        int ticket = inFlight.enter(context);
        try {
            environment.watchdog().expect(context);
            if (stopped) {
                context.stop(StopReason.CLOSING);
            }
            context.throwIfStopped(what);
            return Objects.requireNonNull(session.run(inputs, outputNames, context), "the backend returned no answer");
        } catch (Throwable e) {
            throw failure(what, e, context);
        } finally {
            inFlight.leave(ticket, context);
        }
    }

    private static KitchenException failure(String what, Throwable e, CallContext context) {
        return context.isStopped() ? context.stoppedException(what) : SessionRuns.withPlace(what, e);
    }

    /** How long one run takes, in nanoseconds. */
    long time(String what, NamedValues inputs) {
        long start = environment.ticker().nanoTime();
        run(what, inputs);
        return environment.ticker().nanoTime() - start;
    }

    /** Stops the run under way, and lets no other begin. Any thread may do that. */
    void stop() {
        stopped = true;
        inFlight.stopAll(StopReason.CLOSING, new AtomicInteger());
    }

    @Override
    public void close() {
        environment.watchdog().forget(inFlight);
    }
}
