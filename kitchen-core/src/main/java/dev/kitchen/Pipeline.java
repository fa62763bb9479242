package dev.kitchen;

import dev.kitchen.batch.Batching;
import dev.kitchen.batch.BatchingPredictor;
import dev.kitchen.cache.Caching;
import dev.kitchen.error.MessageText;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaking;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.serving.AnswerCheck;
import dev.kitchen.serving.CallStatistics;
import dev.kitchen.serving.VirtualCallers;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;

/** The stages in front of a version, in the one order there is. A stage that is not configured is not there. */
final class Pipeline {

    private final Map<String, EndpointOptions> endpoints;
    private final Engine engine;
    private final Optional<KitchenListener> listener;
    private final Map<ModelArtifact, BatchingPredictor> batchingOf =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<ModelArtifact, ExecutorService> virtualCallersRuns =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<ModelArtifact, BatchChecks> checks = Collections.synchronizedMap(new IdentityHashMap<>());

    Pipeline(Map<String, EndpointOptions> endpoints, Engine engine) {
        this.endpoints = Map.copyOf(endpoints);
        this.engine = engine;
        this.listener = Optional.of(engine.listener());
    }

    /** The options of a model. */
    EndpointOptions options(String model) {
        EndpointOptions common = endpoints.getOrDefault(EndpointOptions.ALL, EndpointOptions.defaults());
        return endpoints.getOrDefault(model, common);
    }

    /** Options that no model has use for, in words. */
    List<String> unusedOptions(List<String> models) {
        return endpoints.keySet().stream()
                .filter(it -> !it.equals(EndpointOptions.ALL) && !models.contains(it))
                .sorted()
                .map(it -> "there are options for endpoint '" + MessageText.of(it) + "', but no model of that name")
                .toList();
    }

    /**
     * A version with its stages in front. Read upwards, as a call goes: cache, circuit breaker, retries, batching, run
     * permits and their queue, run.
     *
     * @param calls where the version's calls are counted
     * @param leased lets a predictor keep the version in memory while it runs
     * @param rowsRefusal why the version's rows may not be batched; empty if they may
     */
    VersionPipeline before(
            Predictor run,
            ModelArtifact artifact,
            CallStatistics calls,
            UnaryOperator<Predictor> leased,
            Optional<String> rowsRefusal) {
        try {
            return stages(run, artifact, calls, leased, rowsRefusal);
        } catch (Throwable e) {
            retired(artifact);
            ended(artifact);
            throw e;
        }
    }

    private VersionPipeline stages(
            Predictor run,
            ModelArtifact artifact,
            CallStatistics calls,
            UnaryOperator<Predictor> leased,
            Optional<String> rowsRefusal) {
        EndpointOptions options = options(artifact.model());
        ThreadPoolExecutor runs = engine.virtualCallersRuns();
        virtualCallersRuns.put(artifact, runs);
        Predictor predictor = new VirtualCallers(run, artifact.place(), engine.waiting(), runs, engine.ticker());
        predictor = options.circuitBreaker().timed(predictor, engine.ticker());
        predictor = options.admission().before(predictor, artifact, engine.waiting(), engine.ticker());
        if (options.batching().isPresent()) {
            predictor = batched(predictor, leased.apply(predictor), artifact, calls, rowsRefusal);
        }
        predictor =
                options.retry().before(predictor, artifact, engine.ticker(), engine::pause, ThreadLocalRandom::current);
        Optional<CircuitBreaker> breaker =
                options.circuitBreaker().breaker(artifact, engine.ticker(), engine.listener());
        if (breaker.isPresent()) {
            predictor = CircuitBreaking.before(predictor, breaker.get(), artifact);
        }
        if (options.caching().isPresent()) {
            predictor = cached(predictor, artifact, options.caching().get());
        }
        return new VersionPipeline(predictor, breaker);
    }

    private Predictor cached(Predictor next, ModelArtifact artifact, Caching caching) {
        AnswerCheck check = new AnswerCheck(artifact.signature());
        return caching.before(
                next,
                artifact,
                engine.waiting(),
                engine.sharedRuns(),
                engine.ticker(),
                this::somebody,
                (key, outputs) -> check.fits(key.requestedOutputs(), outputs));
    }

    private Optional<KitchenListener> somebody() {
        return engine.listener().isEmpty() ? Optional.empty() : listener;
    }

    private Predictor batched(
            Predictor next, Predictor leased, ModelArtifact artifact, CallStatistics calls, Optional<String> refusal) {
        Batching batching = options(artifact.model()).batching().orElseThrow();
        BatchChecks batchChecks = new BatchChecks(artifact, leased, engine.batchChecks());
        BatchingPredictor predictor = batching.before(
                next,
                artifact,
                engine.waiting(),
                engine.ticker(),
                engine.batcherThreads().named("kitchen-batcher-" + artifact.model() + "-"),
                calls::batched,
                this::somebody,
                batchChecks);
        refusal.ifPresent(predictor::refuse);
        batchingOf.put(artifact, predictor);
        checks.put(artifact, batchChecks);
        return predictor;
    }

    /** What batches the calls of a version; empty where that is not configured. */
    Optional<BatchingPredictor> batching(ModelArtifact artifact) {
        return Optional.ofNullable(batchingOf.get(artifact));
    }

    /** Versions that are no longer batched as an answer of a batch differed from that of a run alone, in words. */
    List<String> batchMismatches() {
        synchronized (batchingOf) {
            return batchingOf.entrySet().stream()
                    .flatMap(entry -> entry.getValue().mismatch().stream()
                            .map(mismatch -> entry.getKey().place() + ": is no longer batched: " + mismatch))
                    .sorted()
                    .toList();
        }
    }

    /** The version is out of service. */
    void retired(ModelArtifact artifact) {
        Optional.ofNullable(checks.remove(artifact)).ifPresent(BatchChecks::close);
    }

    /** The version left memory. */
    void ended(ModelArtifact artifact) {
        Optional.ofNullable(batchingOf.remove(artifact)).ifPresent(BatchingPredictor::close);
        Optional.ofNullable(virtualCallersRuns.remove(artifact)).ifPresent(ExecutorService::shutdown);
    }
}
