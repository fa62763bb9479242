package dev.kitchen;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.BoundBuffers;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Value;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
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
 *   <li>{@link dev.kitchen.error.NotReadyException} if the version asked for is not loaded, or the kitchen is closed
 *   <li>{@link dev.kitchen.error.ModelNotFoundException} if the model was deactivated, or has no such version
 * </ul>
 */
public final class Endpoint {

    private final ServingSlot slot;
    private final Engine engine;
    private final Optional<Duration> usualLimit;

    Endpoint(ServingSlot slot, Engine engine) {
        this.slot = slot;
        this.engine = engine;
        this.usualLimit = engine.usualLimit(slot.model());
    }

    public String name() {
        return slot.model();
    }

    /** The version that answers now. */
    public String version() {
        return slot.current().version();
    }

    /** What the model takes and returns. */
    public ModelSignature signature() {
        return slot.current().signature();
    }

    /** What the model's file says about it. */
    public ModelMetadata metadata() {
        return slot.current().metadata();
    }

    /** What became of the calls, for each version in memory. Bound calls are not counted. */
    public List<VersionStatistics> statistics() {
        return slot.all().stream()
                .map(ServedModel::statistics)
                .sorted(Comparator.comparing(VersionStatistics::version))
                .toList();
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
        return predict(request, engine.begin(request.options(), usualLimit));
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
        CallContext context = engine.begin(request.options(), usualLimit);
        PredictionRequest owned = request.withInputs(request.inputs().owned());
        return engine.asyncCalls().submit(slot.place(), context, () -> predict(owned, context));
    }

    /** Answers a request on a thread of the kitchen. See {@link #predictAsync(PredictionRequest)}. */
    public CompletableFuture<Prediction> predictAsync(Map<String, ? extends Value> inputs) {
        return predictAsync(PredictionRequest.of(inputs));
    }

    /**
     * A call whose memory is made once and whose runs make no garbage, for one row. See {@link #bind(Map)}.
     *
     * @throws dev.kitchen.error.InvalidRequestException if an input is no tensor of numbers, or a dimension other than
     *     the first is dynamic
     */
    public BoundCall bind() {
        return bind(1);
    }

    /** As {@link #bind()}, for so many rows: that is the size of each dynamic first dimension. */
    public BoundCall bind(int batchSize) {
        return bind(batchSize, Map.of());
    }

    /**
     * As {@link #bind()}, with shapes by the name of an input or output. Dimensions that have a name in the signature
     * have one size wherever that name stands, so it mostly suffices to give one input's shape.
     */
    public BoundCall bind(Map<String, Shape> shapes) {
        return bind(1, shapes);
    }

    private BoundCall bind(int batchSize, Map<String, Shape> shapes) {
        engine.requireOpen();
        return new BoundCall(this, engine, BoundBuffers.of(slot.current(), batchSize, shapes));
    }

    /**
     * Bound calls for several threads, each used by one at a time.
     *
     * @param count how many, 1 or more
     * @throws dev.kitchen.error.InvalidRequestException as {@link #bind()} does
     */
    public BoundCalls bindings(int count) {
        return bindings(count, Map.of());
    }

    /** As {@link #bindings(int)}, with shapes as for {@link #bind(Map)}. */
    public BoundCalls bindings(int count, Map<String, Shape> shapes) {
        return BoundCalls.of(name(), count, usualLimit, () -> bind(shapes));
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

    /** Forgets all cached answers of this endpoint; a run under way brings none in any more. */
    public void invalidateCache() {
        engine.invalidateCache(name(), "*");
    }

    /** Forgets the cached answers of one version. See {@link #invalidateCache()}. */
    public void invalidateCache(String version) {
        engine.invalidateCache(name(), CacheKey.literally(version));
    }

    private Prediction predict(PredictionRequest request, CallContext context) {
        ServedModel model = slot.acquire(request.options().version(), context);
        KitchenException failure = null;
        try {
            Prediction answer = model.predict(request, context);
            model.calls().answered(answer.durationNanos(), context.startNanos() + answer.durationNanos());
            return answer;
        } catch (KitchenException e) {
            model.calls().failed(e);
            failure = e;
            throw e;
        } finally {
            report(model.version(), request.options(), context, failure);
            model.release();
        }
    }

    void report(String version, CallOptions options, CallContext context, @Nullable KitchenException failure) {
        if (engine.listener().isEmpty()) {
            return;
        }
        engine.listener()
                .onPrediction(new PredictionEvent(
                        name(),
                        version,
                        options.requestId(),
                        engine.ticker().nanoTime() - context.startNanos(),
                        Optional.ofNullable(failure)));
    }

    /** The time limit of calls that bring none. */
    Optional<Duration> usualLimit() {
        return usualLimit;
    }

    ServingSlot slot() {
        return slot;
    }

    /** Name, version and signature. */
    @Override
    public String toString() {
        return "endpoint '" + name() + "', version '" + version() + "'\n" + signature();
    }
}
