package dev.kitchen.stage.guarding;

import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.Stage;
import dev.kitchen.stage.StageContext;
import java.util.concurrent.ThreadLocalRandom;

/** Repeats calls that failed with an error that says it may be retried. */
public record RetryStage(RetryPolicy policy) implements Stage {

    @Override
    public Predictor wrap(Predictor next, StageContext context) {
        return policy.maxAttempts() == 1
                ? next
                : new RetryPredictor(
                        next,
                        policy,
                        context.place(),
                        context.ticker(),
                        context.waiting()::pause,
                        ThreadLocalRandom::current);
    }
}
