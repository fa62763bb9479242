package dev.kitchen;

import dev.kitchen.bulk.BulkResults;
import dev.kitchen.bulk.BulkWork;
import dev.kitchen.call.EndpointCalls;
import dev.kitchen.call.Question;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.BulkResult;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.Lineup;
import dev.kitchen.serving.ServedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The door to one model for callers with types of their own. Safe for use by many threads.
 *
 * <p>What goes where is found out when it is made, and again when another version serves; a version that does not fit
 * fails calls with a {@link dev.kitchen.error.ConfigurationException}. Otherwise calls throw what {@link Endpoint}'s
 * do: {@link dev.kitchen.error.InvalidRequestException} also for a value that the model's input cannot hold exactly or
 * options that name outputs, {@link dev.kitchen.error.InferenceException} also for an answer that cannot be read.
 *
 * @param <I> what is asked
 * @param <O> what is answered
 */
public final class TypedEndpoint<I, O> {

    private static final int BULK_ROWS = 32;

    private final EndpointCalls calls;
    private final Features<I> features;
    private final OutputReader<O> reader;
    private volatile TypedPlan<I, O> plan;
    private final Map<String, TypedPlan<I, O>> plansByVersion = new ConcurrentHashMap<>();

    TypedEndpoint(EndpointCalls calls, Features<I> features, OutputReader<O> reader) {
        this.calls = calls;
        this.features = features;
        this.reader = reader;
        this.plan = TypedPlan.of(calls.slot().current(), features, reader);
    }

    /** Answers one item. */
    public O predict(I item) {
        return predict(item, CallOptions.defaults());
    }

    /** Answers one item. */
    public O predict(I item, CallOptions options) {
        return calls.ask(new OneItem<>(item, options, (plan, prediction) -> plan.read(prediction, 0, 1)));
    }

    /** Answers one item and says where the answer comes from. */
    public TypedPrediction<O> predictWithDetails(I item) {
        return predictWithDetails(item, CallOptions.defaults());
    }

    /** Answers one item and says where the answer comes from. */
    public TypedPrediction<O> predictWithDetails(I item, CallOptions options) {
        return calls.ask(new OneItem<>(
                item, options, (plan, prediction) -> new TypedPrediction<>(plan.read(prediction, 0, 1), prediction)));
    }

    /** Answers several items. See {@link #predictAll(List, CallOptions)}. */
    public List<O> predictAll(List<I> items) {
        return predictAll(items, CallOptions.defaults());
    }

    /**
     * Answers several items: in one run of a row each if the model takes any number of rows, otherwise in a run each,
     * for which the options hold one by one; also where the endpoint was to batch and its rows turned out to depend on one
     * another. Fails as a whole: {@link #predictAll(Stream)} does not.
     *
     * @return the answers in the order of the items
     */
    public List<O> predictAll(List<I> items, CallOptions options) {
        List<I> asked = new ArrayList<>(items);
        if (!asked.isEmpty() && joinsRows(options)) {
            try {
                return calls.ask(new AllItems(asked, options));
            } catch (InvalidRequestException e) {
                if (joinsRows(options)) {
                    throw e;
                }
                // Another version serves since, whose rows are not independent.
            }
        }
        List<O> answers = new ArrayList<>(asked.size());
        asked.forEach(item -> answers.add(predict(item, options)));
        return answers;
    }

    /** Returns whether one run may answer several items. */
    private boolean joinsRows(CallOptions options) {
        ServedVersion version = calls.slot().peek(options.version());
        return plan(version).takesManyRows()
                && version.pipeline().batchingRefusal().isEmpty();
    }

    /** Several items that one run answers. */
    private final class AllItems implements Question<List<O>> {

        private final List<I> items;
        private final CallOptions options;

        AllItems(List<I> items, CallOptions options) {
            this.items = items;
            this.options = options;
        }

        @Override
        public CallOptions options() {
            return options;
        }

        @Override
        public int rows() {
            return items.size();
        }

        @Override
        public PredictionRequest request(ServedVersion version) {
            return plan(version).requestForAll(items, options);
        }

        @Override
        public List<O> read(ServedVersion version, Prediction answer) {
            TypedPlan<I, O> own = plan(version);
            List<O> answers = new ArrayList<>(items.size());
            for (int i = 0; i < items.size(); i++) {
                answers.add(own.read(answer, i, items.size()));
            }
            return answers;
        }
    }

    /** One item, encoded for the version that answers it. */
    private final class OneItem<T> implements Question<T> {

        private final I item;
        private final CallOptions options;
        private final BiFunction<TypedPlan<I, O>, Prediction, T> read;
        private @Nullable TypedPlan<I, O> encodedBy;
        private @Nullable PredictionRequest encoded;

        OneItem(I item, CallOptions options, BiFunction<TypedPlan<I, O>, Prediction, T> read) {
            this.item = item;
            this.options = options;
            this.read = read;
        }

        /** Encodes the item now, for the version that would answer now, as the item may change later. */
        OneItem<T> encodedEarly() {
            TypedPlan<I, O> early = plan(calls.slot().peek(options.version()));
            encoded = early.request(item, options);
            encodedBy = early;
            return this;
        }

        @Override
        public CallOptions options() {
            return options;
        }

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public PredictionRequest request(ServedVersion version) {
            TypedPlan<I, O> own = plan(version);
            PredictionRequest early = encoded;
            return early != null && own.equals(encodedBy) ? early : own.request(item, options);
        }

        @Override
        public T read(ServedVersion version, Prediction answer) {
            return read.apply(plan(version), answer);
        }
    }

    /**
     * Answers many items, each with an answer or a failure of its own, up to 32 in one run. See
     * {@link Endpoint#predictAll(Iterable)}.
     */
    public Stream<BulkResult<O>> predictAll(Stream<I> items) {
        return predictAll(items, CallOptions.defaults());
    }

    /** As {@link #predictAll(Stream)}, with options that hold for each run. */
    public Stream<BulkResult<O>> predictAll(Stream<I> items, CallOptions options) {
        BulkWork<I, O> work = new BulkWork<>() {
            @Override
            public int mostRows(I first) {
                try {
                    return joinsRows(options) ? BULK_ROWS : 1;
                } catch (Throwable e) {
                    // No version answers, or it does not fit: each item shall say so.
                    return 1;
                }
            }

            @Override
            public int rows(I item) {
                return 1;
            }

            @Override
            public boolean joins(I one, I other) {
                return true;
            }

            @Override
            public List<O> together(List<I> together) {
                return predictAll(together, options);
            }

            @Override
            public O alone(I item) {
                return predict(item, options);
            }
        };
        return BulkResults.stream(items.iterator(), work, calls.asyncCalls()).onClose(items::close);
    }

    /** Answers one item on a thread of the kitchen. See {@link #predictAsync(Object, CallOptions)}. */
    public CompletableFuture<O> predictAsync(I item) {
        return predictAsync(item, CallOptions.defaults());
    }

    /**
     * Answers one item on a thread of the kitchen. The time limit includes waiting for a thread. Cancelling the future
     * stops the run.
     *
     * @return a future that fails with what {@code predict} throws
     * @throws dev.kitchen.error.RejectedException if too many calls are waiting
     */
    public CompletableFuture<O> predictAsync(I item, CallOptions options) {
        return calls.askAsync(new OneItem<O>(item, options, (own, answer) -> own.read(answer, 0, 1)).encodedEarly());
    }

    private TypedPlan<I, O> plan(ServedVersion version) {
        TypedPlan<I, O> latest = plan;
        if (latest.isFor(version)) {
            return latest;
        }
        TypedPlan<I, O> known = plansByVersion.get(version.version());
        if (known == null || !known.isFor(version)) {
            known = TypedPlan.of(version, features, reader);
            plansByVersion.put(version.version(), known);
        }
        if (version.equals(calls.slot().candidate(Lineup.CURRENT))) {
            plan = known;
        }
        return known;
    }

    /** What goes where: a line for the version, one for each feature, and one for the answer. */
    public String describe() {
        return plan(calls.slot().current()).describe();
    }

    @Override
    public String toString() {
        return describe();
    }
}
