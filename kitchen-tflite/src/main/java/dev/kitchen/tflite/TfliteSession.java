package dev.kitchen.tflite;

import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A model in this process. Interpreters take one run at a time, so there are several; the model they share. */
final class TfliteSession implements InferenceSession {

    private final NativeModel model;
    private final ModelPlan plan;
    private final ModelSignature signature;
    private final ModelMetadata metadata;
    private final BoundedPool<TfliteFrame> frames;

    private TfliteSession(NativeModel model, ModelPlan plan, ModelMetadata metadata, int maxRuns) {
        this.model = model;
        this.plan = plan;
        this.signature = plan.signature();
        this.metadata = metadata;
        this.frames = new BoundedPool<>(maxRuns, TfliteFrame::free);
    }

    /** Loads a model and makes its first interpreter, which shows whether the model can be prepared. */
    static TfliteSession load(TfliteFile file, ModelPlan plan, ModelMetadata metadata, TfliteOptions options) {
        TfliteLibrary.require();
        NativeModel model = new NativeModel(file, options);
        try {
            TfliteFrame first = new TfliteFrame(model, plan);
            TfliteSession session = new TfliteSession(model, plan, metadata, options.maxRuns());
            session.frames.take(RunContext.unstoppable());
            session.frames.give(first);
            return session;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
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
        TfliteFrame idle = frames.take(context);
        TfliteFrame frame = idle;
        boolean clean = false;
        try {
            if (frame == null) {
                frame = new TfliteFrame(model, plan);
            }
            NamedValues answer = frame.run(inputs, outputs, context);
            clean = true;
            return answer;
        } finally {
            if (frame != null && clean) {
                frames.give(frame);
            } else {
                if (frame != null) {
                    frame.free();
                }
                frames.drop();
            }
        }
    }

    /** Left to plain runs: strings, which have no memory that stays, and outputs whose shapes are not those bound. */
    @Override
    public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
        boolean fixed = Stream.concat(inputs.stream(), outputs.stream()).noneMatch(it -> it.type() == DataType.STRING);
        return fixed ? TfliteBoundRun.of(new TfliteFrame(model, plan), inputs, outputs) : Optional.empty();
    }

    @Override
    public void close() {
        frames.free();
        model.close();
    }
}
