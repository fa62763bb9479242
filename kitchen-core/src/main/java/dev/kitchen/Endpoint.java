package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.bound.BoundBuffers;
import dev.kitchen.bulk.BulkPredictions;
import dev.kitchen.bulk.BulkResults;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.call.EndpointCalls;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Images;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.BulkResult;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Value;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The door to one model. Safe for use by many threads; a prediction runs on the thread that asks for it.
 *
 * <p>Every {@code predict} throws
 * <ul>
 *   <li>{@link dev.kitchen.error.InvalidRequestException} if an input is missing, unknown, or of the wrong type or
 *       shape, or an output is unknown
 *   <li>{@link dev.kitchen.error.DeadlineExceededException} if the time limit passes first
 *   <li>{@link dev.kitchen.error.InferenceException} if the model fails
 *   <li>{@link dev.kitchen.error.RejectedException} if too many calls wait, or the version failed too often of late
 *   <li>{@link dev.kitchen.error.NotReadyException} if the version asked for is not loaded, or the kitchen is closed
 *   <li>{@link dev.kitchen.error.ModelNotFoundException} if the model was deactivated, or has no such version
 * </ul>
 */
public final class Endpoint {

    private final EndpointCalls calls;
    private final ServingSlot slot;
    private final Optional<CacheConfig> cache;

    Endpoint(EndpointCalls calls, Optional<CacheConfig> cache) {
        this.calls = calls;
        this.slot = calls.slot();
        this.cache = cache;
    }

    /** The name of the model. */
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

    /**
     * The version that answers now, in lines for people: its inputs and outputs, what their integers stand for, and what the
     * file says of itself, such as operators and size where the backend tells them.
     */
    public String describe() {
        return ModelDescription.of(slot.current());
    }

    /**
     * What became of the calls, for each version in memory, and for those that reached none. Each call is counted once,
     * where it ended: a bulk call by its requests, one that a fallback answered where it was answered. Bound calls count,
     * but for how long they took.
     */
    public List<VersionStatistics> statistics() {
        return Stream.concat(
                        slot.all().stream().map(ServedVersion::statistics),
                        calls.counts().withoutVersion())
                .sorted(Comparator.comparing(VersionStatistics::version))
                .toList();
    }

    /**
     * Why calls of the version that answers now are not batched although its endpoint is to batch: its rows are not
     * proven to be independent, or turned out not to be. Empty if they are batched, or that is not configured.
     */
    public Optional<String> batchingRefusal() {
        return slot.current().pipeline().batchingRefusal();
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
        return calls.predict(request);
    }

    /**
     * Answers a request on a thread of the kitchen. Borrowed tensors are copied before this returns. The time limit
     * includes waiting for a thread. Cancelling the future stops the run.
     *
     * @return a future that fails with what {@code predict} throws
     * @throws dev.kitchen.error.RejectedException if too many calls are waiting
     */
    public CompletableFuture<Prediction> predictAsync(PredictionRequest request) {
        return calls.predictAsync(request);
    }

    /** Answers a request that has one input. See {@link #predictAsync(PredictionRequest)}. */
    public CompletableFuture<Prediction> predictAsync(String input, Value value) {
        return predictAsync(input, value, CallOptions.defaults());
    }

    /** Answers a request that has one input. See {@link #predictAsync(PredictionRequest)}. */
    public CompletableFuture<Prediction> predictAsync(String input, Value value, CallOptions options) {
        return predictAsync(PredictionRequest.of(NamedValues.of(input, value), options));
    }

    /** Answers a request on a thread of the kitchen. See {@link #predictAsync(PredictionRequest)}. */
    public CompletableFuture<Prediction> predictAsync(Map<String, ? extends Value> inputs) {
        return predictAsync(PredictionRequest.of(inputs));
    }

    /** Answers a request on a thread of the kitchen. See {@link #predictAsync(PredictionRequest)}. */
    public CompletableFuture<Prediction> predictAsync(Map<String, ? extends Value> inputs, CallOptions options) {
        return predictAsync(PredictionRequest.of(inputs, options));
    }

    /**
     * Answers many requests, in their order, each with an answer or a failure of its own: one that fails leaves the others
     * as they are. Runs on threads of the kitchen and on the one that reads; requests are read as their results are, a
     * window ahead, so that neither side need fit into memory. Neighbours with the same options go into one run where the
     * endpoint {@linkplain EndpointOptions.Builder#batching batches}. Time limits hold for each run. Borrowed tensors are
     * copied as their requests are read.
     *
     * @return to be read once, by one thread; closing it drops what has not begun. Reading throws
     *     {@link dev.kitchen.error.CancelledException} if the thread is interrupted
     */
    public Stream<BulkResult<Prediction>> predictAll(Iterable<PredictionRequest> requests) {
        return predictAll(StreamSupport.stream(requests.spliterator(), false));
    }

    /** As {@link #predictAll(Iterable)}; closing the results closes the requests. */
    public Stream<BulkResult<Prediction>> predictAll(Stream<PredictionRequest> requests) {
        calls.requireOpen();
        Iterator<PredictionRequest> owned = requests.map(
                        request -> request.withInputs(request.inputs().owned()))
                .iterator();
        return BulkResults.stream(owned, new BulkPredictions(calls, cache.isPresent()), calls.asyncCalls())
                .onClose(requests::close);
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
     * have one size wherever that name stands, so it mostly suffices to give one input's shape. An output's shape may
     * differ from what the model declares, which can be wrong.
     */
    public BoundCall bind(Map<String, Shape> shapes) {
        return bind(1, shapes);
    }

    private BoundCall bind(int batchSize, Map<String, Shape> shapes) {
        calls.requireOpen();
        return new BoundCall(calls, BoundBuffers.of(slot.current(), batchSize, shapes));
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
        return BoundCalls.of(name(), count, calls.clock().defaultLimit(), () -> bind(shapes));
    }

    /** This endpoint for records whose components are features, matched by name. See {@link Features}. */
    public <I extends Record, O> TypedEndpoint<I, O> typed(Class<I> recordType, OutputReader<O> reader) {
        return typed(Features.of(recordType), reader);
    }

    /** This endpoint for pictures, PNG or JPEG. For files, Base64 and images in memory see {@link Features#ofPictureFile}. */
    public <O> TypedEndpoint<byte[], O> typed(Images images, OutputReader<O> reader) {
        return typed(Features.ofPicture(images), reader);
    }

    /**
     * This endpoint for types of the caller's.
     *
     * @throws dev.kitchen.error.ConfigurationException naming all that does not fit the model
     */
    public <I, O> TypedEndpoint<I, O> typed(Features<I> features, OutputReader<O> reader) {
        return new TypedEndpoint<>(calls, features, reader);
    }

    /**
     * Forgets all cached answers of this endpoint; a run under way brings none in any more.
     *
     * @throws dev.kitchen.error.NotReadyException if the cache fails, which may have forgotten none or some of them
     */
    public void invalidateCache() {
        invalidate("*");
    }

    /** Forgets the cached answers of one version. See {@link #invalidateCache()}. */
    public void invalidateCache(String version) {
        invalidate(CacheKey.literally(version));
    }

    private void invalidate(String versionPattern) {
        try {
            cache.ifPresent(config -> config.cache().invalidate(CacheKey.literally(name()), versionPattern));
        } catch (Throwable e) {
            throw ForeignCode.typed(
                    "endpoint '" + name() + "': its cached answers cannot be forgotten", e, NotReadyException::new);
        }
    }

    /** The circuit breaker of the version that answers now; empty where it has none. See {@link #circuitBreaker(String)}. */
    public Optional<CircuitBreaker> circuitBreaker() {
        return slot.current().pipeline().circuitBreaker();
    }

    /**
     * The circuit breaker of a version. It belongs to that version for as long as it is in memory: ask again after a swap.
     *
     * @param versionOrAlias as for {@link CallOptions.Builder#version}
     * @return empty where it has none
     */
    public Optional<CircuitBreaker> circuitBreaker(String versionOrAlias) {
        return slot.peek(versionOrAlias).pipeline().circuitBreaker();
    }

    /** Name, version and signature. */
    @Override
    public String toString() {
        return "endpoint '" + name() + "', version '" + version() + "'\n" + signature();
    }
}
