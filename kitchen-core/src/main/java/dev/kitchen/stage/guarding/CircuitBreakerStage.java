package dev.kitchen.stage.guarding;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.Stage;
import dev.kitchen.stage.StageContext;
import java.util.Objects;
import java.util.Optional;

/** Keeps calls away from a version that fails. Belongs to one version. */
public final class CircuitBreakerStage implements Stage {

    private final Optional<CircuitBreaker> breaker;
    private final boolean needsDurations;

    private CircuitBreakerStage(Optional<CircuitBreaker> breaker, boolean needsDurations) {
        this.breaker = breaker;
        this.needsDurations = needsDurations;
    }

    /**
     * The stage of a version, with a breaker of its own.
     *
     * @throws ConfigurationException if the application's factory makes no breaker
     */
    public static CircuitBreakerStage of(CircuitBreakerConfig config, StageContext context) {
        if (config.equals(CircuitBreakerConfig.none())) {
            return new CircuitBreakerStage(Optional.empty(), false);
        }
        CircuitBreaker breaker = config.factory()
                .map(factory -> own(factory, context))
                .orElseGet(() -> new WindowBreaker(context.version(), config, context.ticker(), context.listener()));
        return new CircuitBreakerStage(
                Optional.of(breaker),
                config.factory().isPresent() || config.slowCallDuration().isPresent());
    }

    private static CircuitBreaker own(CircuitBreakerConfig.Factory factory, StageContext context) {
        return ForeignCode.call(
                context.place() + ": making its circuit breaker failed",
                () -> Objects.requireNonNull(
                        factory.create(
                                context.version().model(), context.version().version()),
                        "the application made no circuit breaker"),
                ConfigurationException::new);
    }

    /** Returns the version's breaker; empty if none is configured. */
    public Optional<CircuitBreaker> breaker() {
        return breaker;
    }

    @Override
    public Predictor wrap(Predictor next, StageContext context) {
        return breaker.<Predictor>map(it -> new BreakerPredictor(next, it, context.place()))
                .orElse(next);
    }

    /** Returns the stage around the run itself that measures how long it takes, where the breaker needs to know. */
    public Stage runTimer() {
        return (next, context) -> needsDurations ? new RunTimer(next, context.ticker()) : next;
    }
}
