package dev.kitchen.tflite;

import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in processes of its own. One that dies, or is ended because a call's time is over, is replaced. */
final class IsolatedSession implements InferenceSession {

    private static final Logger LOGGER = LoggerFactory.getLogger(IsolatedSession.class);

    private final WorkerSetup setup;
    private final ModelPlan plan;
    private final ModelSignature signature;
    private final ModelMetadata metadata;
    private final BoundedPool<WorkerProcess> workers;

    private IsolatedSession(WorkerSetup setup, ModelPlan plan, ModelMetadata metadata) {
        this.setup = setup;
        this.plan = plan;
        this.signature = plan.signature();
        this.metadata = metadata;
        this.workers = new BoundedPool<>(setup.options().maxRuns(), WorkerProcess::close);
    }

    /** Starts the first process, which shows whether the model can be loaded. */
    static IsolatedSession start(TfliteFile file, ModelPlan plan, ModelMetadata metadata, TfliteOptions options) {
        WorkerSetup setup = new WorkerSetup(file.path(), file.content(), options);
        IsolatedSession session = new IsolatedSession(setup, plan, metadata);
        RunContext load = RunContext.unstoppable();
        session.workers.take(load);
        session.workers.give(WorkerProcess.start(setup, plan, load));
        return session;
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
        WorkerProcess worker = workers.take(context);
        try {
            if (worker == null) {
                worker = WorkerProcess.start(setup, plan, context);
            }
            return worker.run(inputs, outputs, context);
        } finally {
            if (worker != null && worker.isUsable()) {
                workers.give(worker);
            } else {
                if (worker != null) {
                    worker.close();
                    LOGGER.info("model file {}: its process is replaced at the next call", setup.model());
                }
                workers.drop();
            }
        }
    }

    @Override
    public void close() {
        workers.free();
    }
}
