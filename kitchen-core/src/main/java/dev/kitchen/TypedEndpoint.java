package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.batch.BatchingPredictor;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

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

    private final Endpoint endpoint;
    private final Features<I> features;
    private final OutputReader<O> reader;
    private volatile TypedPlan<I, O> plan;
    private final Map<String, TypedPlan<I, O>> plansByVersion = new ConcurrentHashMap<>();

    TypedEndpoint(Endpoint endpoint, Features<I> features, OutputReader<O> reader) {
        this.endpoint = endpoint;
        this.features = features;
        this.reader = reader;
        this.plan = TypedPlan.of(endpoint.slot().current(), features, reader);
    }

    /** Answers one item. */
    public O predict(I item) {
        return predict(item, CallOptions.defaults());
    }

    /** Answers one item. */
    public O predict(I item, CallOptions options) {
        return ask(options, it -> it.request(item, options), (it, prediction) -> it.read(prediction, 0, 1));
    }

    /** Answers one item and says where the answer comes from. */
    public TypedPrediction<O> predictWithDetails(I item) {
        return predictWithDetails(item, CallOptions.defaults());
    }

    /** Answers one item and says where the answer comes from. */
    public TypedPrediction<O> predictWithDetails(I item, CallOptions options) {
        return ask(
                options,
                it -> it.request(item, options),
                (it, prediction) -> new TypedPrediction<>(it.read(prediction, 0, 1), prediction));
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
        if (asked.isEmpty() || !joinsRows(options)) {
            List<O> answers = new ArrayList<>(asked.size());
            asked.forEach(it -> answers.add(predict(it, options)));
            return answers;
        }
        return ask(options, it -> it.requestForAll(asked, options), (it, prediction) -> {
            List<O> answers = new ArrayList<>(asked.size());
            for (int i = 0; i < asked.size(); i++) {
                answers.add(it.read(prediction, i, asked.size()));
            }
            return answers;
        });
    }

    /** Whether one run may answer several items. */
    private boolean joinsRows(CallOptions options) {
        return plan(options).takesManyRows()
                && endpoint.batching(endpoint.slot().peek(options.version()))
                        .flatMap(BatchingPredictor::refusal)
                        .isEmpty();
    }

    /**
     * Answers many items, each with an answer or a failure of its own, up to 32 in one run. See
     * {@link Endpoint#predictAll(Iterable)}.
     */
    public Stream<BulkResult<O>> predictAll(Stream<I> items) {
        BulkWork<I, O> work = new BulkWork<>() {
            @Override
            public int mostRows(I first) {
                try {
                    return joinsRows(CallOptions.defaults()) ? BULK_ROWS : 1;
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
                return predictAll(together);
            }

            @Override
            public O alone(I item) {
                return predict(item);
            }
        };
        return BulkResults.stream(items.iterator(), work, endpoint.asyncCalls()).onClose(items::close);
    }

    /** Asks with the plan of the version that is to answer; again if it was another one that did. */
    private <T> T ask(
            CallOptions options,
            Function<TypedPlan<I, O>, PredictionRequest> request,
            BiFunction<TypedPlan<I, O>, Prediction, T> answer) {
        while (true) {
            TypedPlan<I, O> current = plan(options);
            try {
                Prediction prediction = endpoint.predict(request.apply(current));
                if (current.isFor(prediction)) {
                    return answer.apply(current, prediction);
                }
                if (prediction.source() == Source.FALLBACK) {
                    return askFallback(current, prediction, request, answer);
                }
            } catch (InvalidRequestException e) {
                if (current.isFor(endpoint.slot().peek(options.version()))) {
                    throw e;
                }
            }
        }
    }

    /** A version that stands in may have its columns in another order: then it is asked once more, in its own. */
    private <T> T askFallback(
            TypedPlan<I, O> current,
            Prediction prediction,
            Function<TypedPlan<I, O>, PredictionRequest> request,
            BiFunction<TypedPlan<I, O>, Prediction, T> answer) {
        TypedPlan<I, O> plan = plan(prediction.version());
        if (plan.asksLike(current)) {
            return answer.apply(plan, prediction);
        }
        PredictionRequest own = request.apply(plan);
        Prediction again = endpoint.predict(
                PredictionRequest.of(own.inputs(), own.options().withVersion(prediction.version())));
        if (!plan.isFor(again)) {
            throw new InferenceException("endpoint '" + endpoint.name() + "': version '" + again.version()
                    + "' answered, expected '" + prediction.version() + "', whose columns were asked for");
        }
        return answer.apply(
                plan, again.answeredBy(Source.FALLBACK, prediction.reason().orElse("")));
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
    @SuppressWarnings("FutureReturnValueIgnored") // the stages only pass on how the other future ended
    public CompletableFuture<O> predictAsync(I item, CallOptions options) {
        TypedPlan<I, O> current = plan(options);
        PredictionRequest request = current.request(item, options);
        CompletableFuture<Prediction> run = endpoint.predictAsync(request);
        CompletableFuture<O> answer = new CompletableFuture<>();
        run.whenComplete((prediction, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
                return;
            }
            try {
                // After a swap between asking and answering, which is rare, this thread asks again.
                answer.complete(current.isFor(prediction) ? current.read(prediction, 0, 1) : predict(item, options));
            } catch (Throwable e) {
                answer.completeExceptionally(ForeignCode.typed("endpoint '" + endpoint.name() + "'", e));
            }
        });
        answer.whenComplete((value, failure) -> run.cancel(false));
        return answer;
    }

    private TypedPlan<I, O> plan(CallOptions options) {
        return options.version().isEmpty() ? plan() : plan(options.version());
    }

    private TypedPlan<I, O> plan(String version) {
        ServedModel model = endpoint.slot().peek(version);
        TypedPlan<I, O> known = plansByVersion.get(version);
        if (known == null || !known.isFor(model)) {
            known = TypedPlan.of(model, features, reader);
            plansByVersion.put(version, known);
        }
        return known;
    }

    private TypedPlan<I, O> plan() {
        TypedPlan<I, O> current = plan;
        ServedModel model = endpoint.slot().current();
        if (!current.isFor(model)) {
            current = TypedPlan.of(model, features, reader);
            plan = current;
        }
        return current;
    }

    /** What goes where: a line for the version, one for each feature, and one for the answer. */
    public String describe() {
        return plan().describe();
    }

    @Override
    public String toString() {
        return describe();
    }
}
