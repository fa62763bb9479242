package dev.kitchen;

import dev.kitchen.cache.Caching;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import java.util.Map;
import java.util.Optional;

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
        Predictor predictor = run;
        if (options.caching().isPresent()) {
            predictor = cached(predictor, artifact, options.caching().get());
        }
        return predictor;
    }

    private Predictor cached(Predictor next, ModelArtifact artifact, Caching caching) {
        Optional<KitchenListener> somebody = Optional.of(engine.listener());
        return caching.before(
                next,
                artifact,
                engine.waiting(),
                engine.sharedRuns(),
                engine.ticker(),
                () -> engine.listener().isEmpty() ? Optional.empty() : somebody);
    }
}
