package dev.kitchen.call;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.StackRoom;
import dev.kitchen.error.KitchenException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.AsyncCalls;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.OpenState;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingContext;
import dev.kitchen.serving.ServingSlot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one endpoint: each leases a version, runs it, and, where it fails, the fallback. The outcome is counted and
 * reported once. Safe for use by many threads.
 */
public final class EndpointCalls {

    private final ServingSlot slot;
    private final OpenState open;
    private final AsyncCalls asyncCalls;
    private final CallClock clock;
    private final CallCounts counts;
    private final @Nullable FallbackChain fallback;
    private final StackRoom stackRoom = new StackRoom();

    /**
     * The calls of an endpoint.
     *
     * @param defaultLimit the time limit of calls that set none; empty for no limit
     * @param fallback answers where the version does not; empty where nothing does
     */
    public EndpointCalls(
            ServingSlot slot, ServingContext context, Optional<Duration> defaultLimit, Optional<Fallback> fallback) {
        this.slot = slot;
        this.open = context.open();
        this.asyncCalls = context.threads().asyncCalls();
        this.clock = new CallClock(context.ticker(), context.listener(), defaultLimit);
        this.counts = new CallCounts(slot, context.ticker(), context.listener());
        this.fallback = fallback.map(it -> new FallbackChain(slot, it, context.ticker(), context.threads()))
                .orElse(null);
    }

    /** The versions that answer. */
    public ServingSlot slot() {
        return slot;
    }

    /** Starts calls. */
    public CallClock clock() {
        return clock;
    }

    /** Counts calls. */
    public CallCounts counts() {
        return counts;
    }

    /** The threads that run asynchronous and bulk calls. */
    public AsyncCalls asyncCalls() {
        return asyncCalls;
    }

    /**
     * Throws if the kitchen is closed.
     *
     * @throws dev.kitchen.error.NotReadyException if it is
     */
    public void requireOpen() {
        open.requireOpen();
    }

    /**
     * Answers a request on the calling thread.
     *
     * @throws KitchenException if there is no answer, with the reason
     */
    public Prediction predict(PredictionRequest request) {
        return predict(request, clock.begin(request.options()), counts.begin());
    }

    /**
     * Answers a request on a thread of the kitchen. Borrowed tensors are copied before this returns.
     *
     * @throws dev.kitchen.error.RejectedException if too many calls are waiting
     */
    public CompletableFuture<Prediction> predictAsync(PredictionRequest request) {
        CallContext context = clock.begin(request.options());
        Object begun = counts.begin();
        PredictionRequest owned = request.withInputs(request.inputs().owned());
        return asyncCalls.submit(
                slot.place(),
                context,
                () -> predict(owned, context, begun),
                failure -> notReached(failure, owned, context, begun));
    }

    private Prediction predict(PredictionRequest request, CallContext context, @Nullable Object begun) {
        stackRoom.require();
        if (fallback != null) {
            return withFallback(request.options(), new Attempts(slot, version -> request, request), context, begun);
        }
        ServedVersion version = acquire(request, context, begun);
        try {
            return predict(version, request, context, begun);
        } finally {
            // Nothing may come between: what fails before this would keep the version in memory for ever.
            version.release();
        }
    }

    private ServedVersion acquire(PredictionRequest request, CallContext context, @Nullable Object begun) {
        try {
            open.requireOpen();
            return slot.acquire(request.options().version(), context);
        } catch (Throwable e) {
            throw notReached(ForeignCode.typed(slot.place(), e), request, context, begun);
        }
    }

    private KitchenException notReached(
            KitchenException failure, PredictionRequest request, CallContext context, @Nullable Object begun) {
        return counts.notReached(failure, request.options(), request.inputs().rowCount(), context, begun);
    }

    private Prediction predict(
            ServedVersion version, PredictionRequest request, CallContext context, @Nullable Object begun) {
        Prediction answer;
        try {
            answer = version.predict(request, context);
        } catch (Throwable e) {
            KitchenException failure = ForeignCode.typed(version.place(), e);
            counts.failed(version, failure, request, context, 1, begun);
            throw failure;
        }
        counts.answered(version, answer, request, context, begun);
        return answer;
    }

    private Prediction withFallback(
            CallOptions options, Attempts attempts, CallContext context, @Nullable Object begun) {
        FallbackChain chain = Objects.requireNonNull(fallback);
        Prediction answer;
        try {
            open.requireOpen();
            answer = chain.predict(options, attempts, context);
        } catch (EncodingFailure e) {
            throw e;
        } catch (Throwable e) {
            throw failed(ForeignCode.typed(slot.place(), e), options, attempts, context, begun);
        }
        ServedVersion version = attempts.last();
        PredictionRequest request = Objects.requireNonNull(attempts.request());
        if (version != null && attempts.failure() == null) {
            counts.answered(version, answer, request, context, begun);
        } else {
            counts.stoodIn(attempts, answer, request, context, begun);
        }
        return answer;
    }

    private KitchenException failed(
            KitchenException failure,
            CallOptions options,
            Attempts attempts,
            CallContext context,
            @Nullable Object begun) {
        ServedVersion asked = attempts.first();
        PredictionRequest request = attempts.request();
        if (asked == null || request == null) {
            int rows = request == null ? 0 : request.inputs().rowCount();
            return counts.notReached(failure, options, rows, context, begun);
        }
        counts.failed(asked, failure, request, context, attempts.count(), begun);
        return failure;
    }

    /**
     * Answers a question on the calling thread: leases a version first, and encodes the question for that one.
     *
     * @throws KitchenException if there is no answer, with the reason
     */
    public <T> T ask(Question<T> question) {
        return ask(question, clock.begin(question.options()), counts.begin());
    }

    /**
     * Answers a question on a thread of the kitchen.
     *
     * @throws dev.kitchen.error.RejectedException if too many calls are waiting
     */
    public <T> CompletableFuture<T> askAsync(Question<T> question) {
        CallContext context = clock.begin(question.options());
        Object begun = counts.begin();
        return asyncCalls.submit(
                slot.place(),
                context,
                () -> ask(question, context, begun),
                failure -> notReached(failure, question, context, begun));
    }

    private <T> T ask(Question<T> question, CallContext context, @Nullable Object begun) {
        stackRoom.require();
        try {
            return fallback == null ? askVersion(question, context, begun) : askWithFallback(question, context, begun);
        } catch (EncodingFailure e) {
            throw e.unwrapped();
        }
    }

    private <T> T askVersion(Question<T> question, CallContext context, @Nullable Object begun) {
        ServedVersion version;
        try {
            open.requireOpen();
            version = slot.acquire(question.options().version(), context);
        } catch (Throwable e) {
            throw notReached(ForeignCode.typed(slot.place(), e), question, context, begun);
        }
        Prediction answer;
        try {
            answer = predict(version, encoded(question, version), context, begun);
        } finally {
            version.release();
        }
        return question.read(version, answer);
    }

    private <T> T askWithFallback(Question<T> question, CallContext context, @Nullable Object begun) {
        Attempts attempts = new Attempts(slot, version -> encoded(question, version), null);
        Prediction answer = withFallback(question.options(), attempts, context, begun);
        // Where a function answered, it answered the request that was encoded for the last version that was reached.
        ServedVersion version = attempts.last() == null ? attempts.first() : attempts.last();
        return question.read(Objects.requireNonNull(version), answer);
    }

    private static PredictionRequest encoded(Question<?> question, ServedVersion version) {
        try {
            return question.request(version);
        } catch (Throwable e) {
            throw new EncodingFailure(e);
        }
    }

    private KitchenException notReached(
            KitchenException failure, Question<?> question, CallContext context, @Nullable Object begun) {
        return counts.notReached(failure, question.options(), question.rows(), context, begun);
    }

    /**
     * Answers several requests by one run, each counted as a call of its own. Where that fails, nothing is counted: none of
     * them has ended.
     *
     * @param joined all of them in one request
     * @param split splits the answer, or throws
     */
    public List<Prediction> predictTogether(
            PredictionRequest joined,
            List<PredictionRequest> requests,
            BiFunction<ServedVersion, Prediction, List<Prediction>> split) {
        open.requireOpen();
        CallContext context = clock.beginJoined(requests.size(), joined.options());
        List<Optional<Object>> begun = requests.stream()
                .map(request -> Optional.ofNullable(counts.begin()))
                .toList();
        ServedVersion version = slot.acquire(joined.options().version(), context);
        try {
            List<Prediction> answers = split.apply(version, version.predict(joined, context));
            for (int i = 0; i < answers.size(); i++) {
                counts.answered(
                        version,
                        answers.get(i),
                        requests.get(i),
                        context,
                        begun.get(i).orElse(null));
            }
            return answers;
        } catch (Throwable e) {
            throw ForeignCode.typed(version.place(), e);
        } finally {
            version.release();
        }
    }
}
