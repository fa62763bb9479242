package dev.kitchen.stage;

import dev.kitchen.session.Predictor;

/** One stage of a pipeline, such as cache, circuit breaker or batching. */
@FunctionalInterface
public interface Stage {

    /**
     * Wraps what answers calls for a version.
     *
     * @return what callers use in place of {@code next}; {@code next} itself where the stage has nothing to do
     */
    Predictor wrap(Predictor next, StageContext context);
}
