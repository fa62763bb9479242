package dev.kitchen;

import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.pipeline.PipelineSettings;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.ControlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a kitchen, as its builder collected them.
 *
 * @param models a model file, or a directory
 * @param namesModels whether the user named the models, rather than leaving the default path
 * @param endpoints options by endpoint, or for {@link EndpointOptions#ALL}
 */
record KitchenSettings(
        Path models,
        boolean namesModels,
        List<Backend> backends,
        List<KitchenListener> listeners,
        Ticker ticker,
        Optional<Duration> timeLimit,
        Duration drainLimit,
        int asyncThreads,
        boolean shutdownHook,
        boolean lazyLoading,
        Optional<Duration> watch,
        Optional<ControlStore> controlStore,
        Map<String, EndpointOptions> endpoints) {

    KitchenSettings {
        backends = List.copyOf(backends);
        listeners = List.copyOf(listeners);
        endpoints = Map.copyOf(endpoints);
    }

    /** Returns the options of a model, with those that it inherits. */
    EndpointOptions options(String model) {
        EndpointOptions common = endpoints.getOrDefault(EndpointOptions.ALL, EndpointOptions.defaults());
        EndpointOptions own = endpoints.get(model);
        return own == null ? common : own.inherit(common);
    }

    /** Returns the time limit of a model's calls that set none; empty for no limit. */
    Optional<Duration> timeLimit(String model) {
        return options(model).timeLimit().or(this::timeLimit);
    }

    /** Returns the stages of a model. */
    PipelineSettings pipeline(String model) {
        EndpointOptions options = options(model);
        return new PipelineSettings(
                options.cache(),
                options.circuitBreaker().orElse(CircuitBreakerConfig.defaults()),
                options.retry().orElse(RetryPolicy.none()),
                options.batching(),
                options.admission().orElse(AdmissionConfig.defaults()));
    }
}
