package dev.kitchen.session;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.InFlight;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One version's runs: checked before, found by the watchdog meanwhile, and their failures told with their place. */
public final class SessionRuns {

    private static final long UNTIMED = Long.MIN_VALUE;

    private final VersionIdentity artifact;
    private final String place;
    private final InferenceSession session;
    private final InputBinding binding;
    private final SessionContext environment;
    private final InFlight inFlight = new InFlight();

    public SessionRuns(VersionIdentity artifact, InferenceSession session, SessionContext environment) {
        this.artifact = artifact;
        this.place = artifact.place();
        this.session = session;
        this.binding = new InputBinding(place, session.signature());
        this.environment = environment;
    }

    /** A run over memory that was bound before. */
    @FunctionalInterface
    public interface BoundMemory {

        /** Runs the session once. */
        public void run(CallContext context);
    }

    /** The calls whose runs are under way. */
    public InFlight inFlight() {
        return inFlight;
    }

    /** A request with its inputs in the signature's order, if it fits that. */
    public PredictionRequest checked(PredictionRequest request) {
        binding.outputs(request);
        return request.withInputs(binding.bind(request));
    }

    /** Answers a request that was {@linkplain #checked checked}. */
    public Prediction run(PredictionRequest request, CallContext context) {
        List<String> outputs = binding.outputs(request);
        context.beginRun();
        int ticket = inFlight.enter(context);
        try {
            begin(context);
            NamedValues values = run(request.inputs(), outputs, context);
            long now = environment.ticker().nanoTime();
            requireInTime(context, now);
            return new Prediction(artifact.model(), artifact.version(), values, now - context.startNanos());
        } finally {
            leave(ticket, context);
        }
    }

    /** Runs over bound memory. */
    public void run(BoundMemory bound, CallContext context) {
        context.beginRun();
        int ticket = inFlight.enter(context);
        try {
            begin(context);
            runBound(bound, context);
            requireInTime(context, context.hasDeadline() ? environment.ticker().nanoTime() : 0);
        } finally {
            leave(ticket, context);
        }
    }

    private void leave(int ticket, CallContext context) {
        inFlight.leave(ticket, context);
        context.endRun();
    }

    /** From here on the call's deadline is watched; it may have passed already. */
    private void begin(CallContext context) {
        environment.watchdog().noticeRun();
        if (context.hasDeadline()) {
            environment.watchdog().expect(context);
            if (context.isExpired(environment.ticker().nanoTime())) {
                context.stop(StopReason.DEADLINE);
            }
        }
        context.throwIfStopped(place);
    }

    private NamedValues run(NamedValues inputs, List<String> outputs, CallContext context) {
        long start = clock();
        try {
            return Objects.requireNonNull(session.run(inputs, outputs, context), "the backend returned no answer");
        } catch (Throwable e) {
            throw failure(e, context);
        } finally {
            ran(start, context);
        }
    }

    private void runBound(BoundMemory bound, CallContext context) {
        long start = clock();
        try {
            bound.run(context);
        } catch (Throwable e) {
            throw failure(e, context);
        } finally {
            ran(start, context);
        }
    }

    /**
     * Throws if the call's time is over, or its caller does not want an answer any more. A runtime looks for a stop between
     * two operators, so a run that is stopped within its last operator succeeds. Where the kitchen closes, the caller still
     * waits and gets the answer.
     */
    public void requireInTime(CallContext context, long nowNanos) {
        if (context.isExpired(nowNanos)) {
            context.stop(StopReason.DEADLINE);
        }
        if (context.isStopped() && !context.stopReason().equals(Optional.of(StopReason.CLOSING))) {
            throw context.stoppedException(place, true);
        }
    }

    /** Looks at the clock if somebody wants to know how long runs take. */
    private long clock() {
        return environment.listener().isEmpty() ? UNTIMED : environment.ticker().nanoTime();
    }

    private void ran(long start, CallContext context) {
        if (start != UNTIMED) {
            context.ranFor(environment.ticker().nanoTime() - start);
        }
    }

    /** A model that recurses too deep, or asks for memory that is not there, has failed like any other. */
    private KitchenException failure(Throwable e, CallContext context) {
        return context.isStopped() ? context.stoppedException(place, true) : withPlace(e);
    }

    /** What a backend threw, with the place where it did. */
    public KitchenException withPlace(Throwable e) {
        return withPlace(place, e);
    }

    public static KitchenException withPlace(String place, Throwable e) {
        if (e instanceof InvalidRequestException) {
            return new InvalidRequestException(place + ": " + e.getMessage(), e);
        }
        return e instanceof InferenceException
                ? new InferenceException(place + ": " + e.getMessage(), e)
                : ForeignCode.typed(place, e);
    }
}
