package dev.kitchen.pipeline;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.Stage;
import dev.kitchen.stage.StageContext;
import dev.kitchen.stage.VirtualThreadStage;
import dev.kitchen.stage.batching.BatchingStage;
import dev.kitchen.stage.caching.CachingStage;
import dev.kitchen.stage.guarding.AdmissionStage;
import dev.kitchen.stage.guarding.CircuitBreakerStage;
import dev.kitchen.stage.guarding.RetryStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One version with its stages. Safe for use by many threads. */
public final class VersionPipeline implements Predictor {

    private final CircuitBreakerStage circuitBreaker;
    private final Optional<BatchingStage> batching;
    private final VirtualThreadStage virtualThreads;
    private final Predictor first;

    /**
     * Wraps the stages around a version. A stage that is not configured is not in the chain.
     *
     * @param run runs the model on the calling thread
     * @param rowsRefusal why the rows of the version may not be batched; empty if they may
     * @throws dev.kitchen.error.KitchenException if a stage cannot be created
     */
    public VersionPipeline(
            PipelineSettings settings, StageContext context, Predictor run, Optional<String> rowsRefusal) {
        this.circuitBreaker = CircuitBreakerStage.of(settings.circuitBreaker(), context);
        this.batching = settings.batching().map(config -> new BatchingStage(config, rowsRefusal));
        this.virtualThreads = new VirtualThreadStage(context.threads().newVirtualCallersPool());
        try {
            this.first = wrap(run, stages(settings), context);
        } catch (Throwable e) {
            retire();
            close();
            throw e;
        }
    }

    /** The stages in the order in which a call passes them. The order is part of their meaning. */
    private List<Stage> stages(PipelineSettings settings) {
        List<Stage> stages = new ArrayList<>();
        // A cached answer needs no permit, and says nothing about the health of the model.
        settings.cache().map(CachingStage::new).ifPresent(stages::add);
        // The breaker counts a call once, however often it is retried.
        stages.add(circuitBreaker);
        stages.add(new RetryStage(settings.retry()));
        // A batch is one run, so it takes one permit.
        batching.ifPresent(stages::add);
        stages.add(new AdmissionStage(settings.admission()));
        stages.add(circuitBreaker.runTimer());
        stages.add(virtualThreads);
        return stages;
    }

    private static Predictor wrap(Predictor run, List<Stage> stages, StageContext context) {
        Predictor outermost = run;
        for (int i = stages.size() - 1; i >= 0; i--) {
            outermost = stages.get(i).wrap(outermost, context);
        }
        return outermost;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        return first.predict(request, context);
    }

    /** Returns the circuit breaker; empty if none is configured. */
    public Optional<CircuitBreaker> circuitBreaker() {
        return circuitBreaker.breaker();
    }

    /** Returns why calls are not batched although batching is configured; empty if they are, or it is not. */
    public Optional<String> batchingRefusal() {
        return batching.flatMap(BatchingStage::refusal);
    }

    /** Returns how an answer of a batch differed from that of a single run; empty if no difference is known. */
    public Optional<String> batchMismatch() {
        return batching.flatMap(BatchingStage::mismatch);
    }

    /** Returns the most rows that one run may answer: 1 where calls are not batched. */
    public int maxRows() {
        return batching.map(BatchingStage::maxRows).orElse(1);
    }

    /** Ends the runs that no caller waits for; to be called when the version is retired. Does not block, never throws. */
    public void retire() {
        batching.ifPresent(stage -> ForeignCode.attempt("retiring a batching stage", stage::retire));
    }

    /** Releases the threads of the stages; to be called once no call is under way. Does not block, never throws. */
    public void close() {
        batching.ifPresent(stage -> ForeignCode.attempt("closing a batching stage", stage::close));
        ForeignCode.attempt("closing a pool of runs", virtualThreads::close);
    }
}
