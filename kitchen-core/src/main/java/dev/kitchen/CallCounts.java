package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.CallStatistics;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts each call of an endpoint once, by where it ended, and tells who listens. */
final class CallCounts {

    /** Where calls are counted that reached no version, and would not have. */
    private static final String NO_VERSION = "";

    private final ServingSlot slot;
    private final Engine engine;
    private final CallStatistics ofNoVersion;
    private final CallStatistics ofFunction;

    CallCounts(ServingSlot slot, Engine engine) {
        this.slot = slot;
        this.engine = engine;
        this.ofNoVersion = new CallStatistics(engine.ticker());
        this.ofFunction = new CallStatistics(engine.ticker());
    }

    /** A call begins; returns what is handed on when it ends. */
    @Nullable
    Object begin() {
        return engine.listener().begin(PredictionEvent.class);
    }

    /** Returns the counts of calls that no version in memory answered. */
    Stream<VersionStatistics> withoutVersion() {
        return Stream.of(
                        ofNoVersion.isEmpty() ? null : ofNoVersion.snapshot(slot.model(), NO_VERSION, 0, 0),
                        ofFunction.isEmpty() ? null : ofFunction.snapshot(slot.model(), Fallback.FUNCTION, 0, 0))
                .flatMap(Stream::ofNullable);
    }

    /** A version answered. */
    void answered(
            ServedModel model,
            Prediction answer,
            PredictionRequest request,
            CallContext context,
            @Nullable Object begun) {
        model.calls().answered(answer.durationNanos(), context.startNanos() + answer.durationNanos());
        tell(model.version(), request, context, null, null, begun);
    }

    /** A version was asked and failed. */
    void failed(
            ServedModel model,
            KitchenException failure,
            PredictionRequest request,
            CallContext context,
            @Nullable Object begun) {
        model.calls().failed(failure);
        tell(model.version(), request, context, failure, null, begun);
    }

    /** No version was asked. Returns the failure. */
    KitchenException notReached(
            KitchenException failure, PredictionRequest request, CallContext context, @Nullable Object begun) {
        return notReached(failure, request.options(), request.inputs().rowCount(), context, begun);
    }

    /** Does the same as the other {@code notReached}, for a call whose inputs have the given number of rows. */
    KitchenException notReached(
            KitchenException failure, CallOptions options, int rows, CallContext context, @Nullable Object begun) {
        ServedModel candidate = slot.candidate(options.version());
        (candidate == null ? ofNoVersion : candidate.calls()).failed(failure);
        tell(candidate == null ? NO_VERSION : candidate.version(), options, rows, context, failure, null, begun);
        return failure;
    }

    /** A version answered, or a function, in place of one that failed. */
    void stoodIn(
            Attempts attempts,
            Prediction answer,
            PredictionRequest request,
            CallContext context,
            @Nullable Object begun) {
        ServedModel last = answer.version().equals(Fallback.FUNCTION) ? null : attempts.last();
        CallStatistics calls = last == null ? ofFunction : last.calls();
        calls.answered(answer.durationNanos(), context.startNanos() + answer.durationNanos());
        ServedModel first = attempts.first();
        if (first != null) {
            first.calls().replaced();
        }
        tell(answer.version(), request, context, null, attempts.failure(), begun);
    }

    private void tell(
            String version,
            PredictionRequest request,
            CallContext context,
            @Nullable KitchenException failure,
            @Nullable KitchenException replaced,
            @Nullable Object begun) {
        if (!engine.listener().isEmpty()) {
            tell(version, request.options(), request.inputs().rowCount(), context, failure, replaced, begun);
        }
    }

    /** Notifies the listeners of a call that has already been counted. */
    void tell(
            String version,
            CallOptions options,
            int rows,
            CallContext context,
            @Nullable KitchenException failure,
            @Nullable KitchenException replaced,
            @Nullable Object begun) {
        if (engine.listener().isEmpty()) {
            return;
        }
        engine.listener()
                .end(
                        begun,
                        new PredictionEvent(
                                slot.model(),
                                version,
                                options.requestId(),
                                rows,
                                engine.ticker().nanoTime() - context.startNanos(),
                                context.runNanos(),
                                Optional.ofNullable(failure),
                                Optional.ofNullable(replaced)));
    }
}
