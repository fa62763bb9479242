package dev.kitchen.stage.guarding;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.guard.CircuitBreaker.Status;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.Predictor;

/** Asks a circuit breaker before each call, and tells it how the call ended. */
final class BreakerPredictor implements Predictor {

    /** Stands for a permit where the breaker could not be asked. */
    private static final long WITHOUT_BREAKER = Long.MIN_VALUE;

    private final Predictor next;
    private final CircuitBreaker breaker;
    private final String place;

    BreakerPredictor(Predictor next, CircuitBreaker breaker, String place) {
        this.next = next;
        this.breaker = breaker;
        this.place = place;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        long permit = tryAcquire();
        Outcome outcome = Outcome.IGNORED;
        try {
            Prediction prediction = next.predict(request, context);
            outcome = Outcome.SUCCESS;
            return prediction;
        } catch (Throwable e) {
            outcome = isTheModelsFault(e) ? Outcome.FAILURE : Outcome.IGNORED;
            throw e;
        } finally {
            if (permit != WITHOUT_BREAKER) {
                record(permit, outcome, context.runNanos());
            }
        }
    }

    /** A permit; where the breaker fails, which is the application's own, the call goes on without it. */
    private long tryAcquire() {
        long permit;
        try {
            permit = breaker.tryAcquire();
        } catch (Throwable e) {
            ForeignCode.logFailure(place + ": asking its circuit breaker", e);
            return WITHOUT_BREAKER;
        }
        if (permit == CircuitBreaker.REFUSED) {
            throw refusal();
        }
        return permit;
    }

    private void record(long permit, Outcome outcome, long runNanos) {
        try {
            breaker.record(permit, outcome, runNanos);
        } catch (Throwable e) {
            ForeignCode.logFailure(place + ": telling its circuit breaker", e);
        }
    }

    private static boolean isTheModelsFault(Throwable e) {
        return e instanceof InferenceException || (e instanceof DeadlineExceededException late && late.duringRun());
    }

    private RejectedException refusal() {
        String words = ForeignCode.attempt(
                place + ": asking how its circuit breaker is", () -> words(breaker.status()), "refuses calls");
        return new RejectedException(Reason.CIRCUIT_OPEN, place + ": its circuit breaker " + words);
    }

    private static String words(Status status) {
        String counted = status.failures() + " of the last " + status.calls() + " calls failed";
        return switch (status.state()) {
            case FORCED_OPEN -> "was opened by hand, and stays open until it is closed or reset";
            case OPEN ->
                "is open, as " + counted + "; it lets calls through again in "
                        + status.retryIn().toMillis() / 1000.0 + " s";
            default -> "lets only a few calls through until it knows whether the model has recovered";
        };
    }
}
