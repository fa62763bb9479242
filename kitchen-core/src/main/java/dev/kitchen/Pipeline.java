package dev.kitchen;

import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaking;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The stages in front of a version, in the one order there is. A stage that is not configured is not there. */
final class Pipeline {

    private final Map<String, EndpointOptions> endpoints;
    private final Engine engine;

    Pipeline(Map<String, EndpointOptions> endpoints, Engine engine) {
        this.endpoints = Map.copyOf(endpoints);
        this.engine = engine;
    }

    /** The options of a model. */
    EndpointOptions options(String model) {
        EndpointOptions common = endpoints.getOrDefault(EndpointOptions.ALL, EndpointOptions.defaults());
        return endpoints.getOrDefault(model, common);
    }

    /**
     * A version with its stages in front. Read upwards, as a call goes: cache, circuit breaker, admission, batching, run
     * permits, run.
     */
    Predictor before(Predictor run, ModelArtifact artifact) {
        EndpointOptions options = options(artifact.model());
        Predictor predictor = options.circuitBreaker().timed(run, engine.ticker());
        predictor = options.admission().before(predictor, artifact, engine.waiting(), engine.ticker());
        predictor =
                options.retry().before(predictor, artifact, engine.ticker(), engine::pause, ThreadLocalRandom::current);
        Optional<CircuitBreaker> breaker =
                options.circuitBreaker().breaker(artifact, engine.ticker(), engine.listener());
        if (breaker.isPresent()) {
            predictor = CircuitBreaking.before(predictor, breaker.get(), artifact);
        }
        return new VersionPipeline(predictor, breaker);
    }
}
