package dev.kitchen.guard;

import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.guard.CircuitBreaker.Status;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;

/** Asks a circuit breaker before each call, and tells it how the call ended. */
final class BreakerStage implements Predictor {

    private final Predictor next;
    private final CircuitBreaker breaker;
    private final String place;

    BreakerStage(Predictor next, CircuitBreaker breaker, String place) {
        this.next = next;
        this.breaker = breaker;
        this.place = place;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        long permit = breaker.tryAcquire();
        if (permit == CircuitBreaker.REFUSED) {
            throw refusal(breaker.status());
        }
        Outcome outcome = Outcome.IGNORED;
        try {
            Prediction prediction = next.predict(request, context);
            outcome = Outcome.SUCCESS;
            return prediction;
        } catch (KitchenException e) {
            outcome = isTheModelsFault(e) ? Outcome.FAILURE : Outcome.IGNORED;
            throw e;
        } finally {
            breaker.record(permit, outcome, context.runNanos());
        }
    }

    private static boolean isTheModelsFault(KitchenException e) {
        return e instanceof InferenceException || (e instanceof DeadlineExceededException late && late.duringRun());
    }

    private RejectedException refusal(Status status) {
        String counted = status.failures() + " of the last " + status.calls() + " calls failed";
        String message = switch (status.state()) {
            case FORCED_OPEN -> "was opened by hand, and stays open until it is closed or reset";
            case OPEN ->
                "is open, as " + counted + "; it lets calls through again in "
                        + status.retryIn().toMillis() / 1000.0 + " s";
            default -> "lets only a few calls through until it knows whether the model has recovered";
        };
        return new RejectedException(Reason.CIRCUIT_OPEN, place + ": its circuit breaker " + message);
    }
}
