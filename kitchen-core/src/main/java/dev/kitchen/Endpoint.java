package dev.kitchen;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The door to one model. Safe for use by many threads; a prediction runs on the thread that asks for it.
 *
 * <p>Every {@code predict} throws
 * <ul>
 *   <li>{@link dev.kitchen.error.InvalidRequestException} if an input is missing, unknown, or of the wrong type or
 *       shape, or an output is unknown
 *   <li>{@link dev.kitchen.error.DeadlineExceededException} if the time limit passes first
 *   <li>{@link dev.kitchen.error.InferenceException} if the model fails
 *   <li>{@link dev.kitchen.error.NotReadyException} if the kitchen is closed, or closes meanwhile
 * </ul>
 */
public final class Endpoint {

    private final ServedModel model;
    private final Engine engine;

    Endpoint(ServedModel model, Engine engine) {
        this.model = model;
        this.engine = engine;
    }

    public String name() {
        return model.name();
    }

    /** The version that answers. */
    public String version() {
        return model.version();
    }

    /** What the model takes and returns. */
    public ModelSignature signature() {
        return model.signature();
    }

    /** What the model's file says about it. */
    public ModelMetadata metadata() {
        return model.metadata();
    }

    /** Answers a request that has one input. */
    public Prediction predict(String input, Value value) {
        return predict(PredictionRequest.of(NamedValues.of(input, value), CallOptions.defaults()));
    }

    /** Answers a request that has one input. */
    public Prediction predict(String input, Value value, CallOptions options) {
        return predict(PredictionRequest.of(NamedValues.of(input, value), options));
    }

    /** Answers a request: inputs by name. */
    public Prediction predict(Map<String, ? extends Value> inputs) {
        return predict(PredictionRequest.of(inputs));
    }

    /** Answers a request: inputs by name. */
    public Prediction predict(Map<String, ? extends Value> inputs, CallOptions options) {
        return predict(PredictionRequest.of(inputs, options));
    }

    /** Answers a request. */
    public Prediction predict(PredictionRequest request) {
        engine.requireOpen();
        return predict(request, engine.begin(request.options()));
    }

    /**
     * Answers a request on a thread of the kitchen. Borrowed tensors are copied before this returns. The time limit
     * includes waiting for a thread. Cancelling the future stops the run.
     *
     * @return a future that fails with what {@code predict} throws
     * @throws dev.kitchen.error.RejectedException if too many calls are waiting
     */
    public CompletableFuture<Prediction> predictAsync(PredictionRequest request) {
        engine.requireOpen();
        CallContext context = engine.begin(request.options());
        PredictionRequest owned = request.withInputs(request.inputs().owned());
        return engine.asyncCalls()
                .submit(
                        "endpoint '" + name() + "', version '" + version() + "'",
                        context,
                        () -> predict(owned, context));
    }

    /** Answers a request on a thread of the kitchen. See {@link #predictAsync(PredictionRequest)}. */
    public CompletableFuture<Prediction> predictAsync(Map<String, ? extends Value> inputs) {
        return predictAsync(PredictionRequest.of(inputs));
    }

    /** This endpoint for records whose components are features, matched by name. See {@link Features}. */
    public <I extends Record, O> TypedEndpoint<I, O> typed(Class<I> recordType, OutputReader<O> reader) {
        return typed(Features.of(recordType), reader);
    }

    /**
     * This endpoint for types of the caller's.
     *
     * @throws dev.kitchen.error.ConfigurationException naming all that does not fit the model
     */
    public <I, O> TypedEndpoint<I, O> typed(Features<I> features, OutputReader<O> reader) {
        return new TypedEndpoint<>(this, features, reader);
    }

    private Prediction predict(PredictionRequest request, CallContext context) {
        if (engine.listener().isEmpty()) {
            return model.predict(request, context);
        }
        KitchenException failure = null;
        try {
            return model.predict(request, context);
        } catch (KitchenException e) {
            failure = e;
            throw e;
        } finally {
            report(request, context, failure);
        }
    }

    private void report(PredictionRequest request, CallContext context, @Nullable KitchenException failure) {
        engine.listener()
                .onPrediction(new PredictionEvent(
                        name(),
                        version(),
                        request.options().requestId(),
                        engine.ticker().nanoTime() - context.startNanos(),
                        Optional.ofNullable(failure)));
    }

    /** Name, version and signature. */
    @Override
    public String toString() {
        return "endpoint '" + name() + "', version '" + version() + "'\n" + signature();
    }
}
