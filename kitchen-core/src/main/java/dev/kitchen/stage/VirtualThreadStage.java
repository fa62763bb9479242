package dev.kitchen.stage;

import dev.kitchen.session.Predictor;
import java.util.concurrent.ExecutorService;

/** Runs a model on behalf of virtual threads without pinning their carriers for long. Belongs to one version. */
public final class VirtualThreadStage implements Stage, AutoCloseable {

    private final ExecutorService pool;

    /**
     * A stage whose long runs go to a pool.
     *
     * @param pool may queue runs; it is shut down by {@link #close}
     */
    public VirtualThreadStage(ExecutorService pool) {
        this.pool = pool;
    }

    @Override
    public Predictor wrap(Predictor next, StageContext context) {
        return new VirtualThreadPredictor(next, context.place(), context.waiting(), pool, context.ticker());
    }

    /** Shuts the pool down. Does not wait for its runs. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
