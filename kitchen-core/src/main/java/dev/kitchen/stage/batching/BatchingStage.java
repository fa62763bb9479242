package dev.kitchen.stage.batching;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.Stage;
import dev.kitchen.stage.StageContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Groups concurrent requests of one version into runs. Belongs to one version. */
public final class BatchingStage implements Stage, AutoCloseable {

    private final BatchingConfig config;
    private final Optional<String> rowsRefusal;
    private @Nullable BatchingPredictor predictor;
    private @Nullable BatchChecks checks;

    /**
     * The stage of a version.
     *
     * @param rowsRefusal why the rows of the version may not be batched; empty if they may
     */
    public BatchingStage(BatchingConfig config, Optional<String> rowsRefusal) {
        this.config = config;
        this.rowsRefusal = rowsRefusal;
    }

    @Override
    public Predictor wrap(Predictor next, StageContext context) {
        BatchChecks check = new BatchChecks(
                context.version(),
                context.leased().apply(next),
                context.threads().batchChecks());
        BatchingPredictor batching = new BatchingPredictor(
                config,
                next,
                context.version(),
                context.waiting(),
                context.ticker(),
                context.threads()
                        .batchers()
                        .named("kitchen-batcher-" + context.version().model() + "-"),
                new BatchReport(context.version(), context.listener(), context.calls()::batched),
                check);
        rowsRefusal.ifPresent(batching::refuse);
        checks = check;
        predictor = batching;
        return batching;
    }

    /** Returns why calls are not batched; empty if they are. */
    public Optional<String> refusal() {
        return Optional.ofNullable(predictor).flatMap(BatchingPredictor::refusal);
    }

    /** Returns how an answer of a batch differed from that of a single run; empty if no difference is known. */
    public Optional<String> mismatch() {
        return Optional.ofNullable(predictor).flatMap(BatchingPredictor::mismatch);
    }

    /** Returns the most rows that one run may answer: 1 where calls are not batched. */
    public int maxRows() {
        return refusal().isEmpty() ? config.maxItems() : 1;
    }

    /** Stops the check under way and begins no other. Does not block. */
    public void retire() {
        if (checks != null) {
            checks.close();
        }
    }

    /** Lets the threads end; to be called once no call is under way. Does not block. */
    @Override
    public void close() {
        if (predictor != null) {
            predictor.close();
        }
    }
}
