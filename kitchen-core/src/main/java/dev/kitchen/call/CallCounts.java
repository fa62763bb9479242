package dev.kitchen.call;

import dev.kitchen.error.KitchenException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.telemetry.CallStatistics;
import dev.kitchen.telemetry.SafeListener;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts each call of an endpoint once, by where it ended, and tells who listens. */
public final class CallCounts {

    /** Where calls are counted that reached no version, and would not have. */
    private static final String NO_VERSION = "";

    private final ServingSlot slot;
    private final Ticker ticker;
    private final SafeListener listener;
    private final CallStatistics ofNoVersion;
    private final CallStatistics ofFunction;

    public CallCounts(ServingSlot slot, Ticker ticker, SafeListener listener) {
        this.slot = slot;
        this.ticker = ticker;
        this.listener = listener;
        this.ofNoVersion = new CallStatistics(ticker);
        this.ofFunction = new CallStatistics(ticker);
    }

    /** A call begins; returns what is handed on when it ends. */
    public @Nullable Object begin() {
        return listener.begin(PredictionEvent.class);
    }

    /** Returns the counts of calls that no version in memory answered. */
    public Stream<VersionStatistics> withoutVersion() {
        return Stream.of(
                        ofNoVersion.isEmpty() ? null : ofNoVersion.snapshot(slot.model(), NO_VERSION, 0, 0),
                        ofFunction.isEmpty() ? null : ofFunction.snapshot(slot.model(), Fallback.FUNCTION, 0, 0))
                .flatMap(Stream::ofNullable);
    }

    /** A version answered. */
    void answered(
            ServedVersion model,
            Prediction answer,
            PredictionRequest request,
            CallContext context,
            @Nullable Object begun) {
        model.calls().answered(answer.durationNanos(), context.startNanos() + answer.durationNanos());
        tell(model.version(), request, context, null, null, begun);
    }

    /** A version was asked and failed. */
    void failed(
            ServedVersion model,
            KitchenException failure,
            PredictionRequest request,
            CallContext context,
            @Nullable Object begun) {
        model.calls().failed(failure);
        tell(model.version(), request, context, failure, null, begun);
    }

    /** Counts a call that reached no version, whose request has the given number of rows. Returns the failure. */
    public KitchenException notReached(
            KitchenException failure, CallOptions options, int rows, CallContext context, @Nullable Object begun) {
        ServedVersion candidate = slot.candidate(options.version());
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
        ServedVersion last = answer.version().equals(Fallback.FUNCTION) ? null : attempts.last();
        CallStatistics calls = last == null ? ofFunction : last.calls();
        calls.answered(answer.durationNanos(), context.startNanos() + answer.durationNanos());
        ServedVersion first = attempts.first();
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
        if (!listener.isEmpty()) {
            tell(version, request.options(), request.inputs().rowCount(), context, failure, replaced, begun);
        }
    }

    /** Notifies the listeners of a call that has already been counted. */
    public void tell(
            String version,
            CallOptions options,
            int rows,
            CallContext context,
            @Nullable KitchenException failure,
            @Nullable KitchenException replaced,
            @Nullable Object begun) {
        if (listener.isEmpty()) {
            return;
        }
        listener.end(
                begun,
                new PredictionEvent(
                        slot.model(),
                        version,
                        options.requestId(),
                        rows,
                        ticker.nanoTime() - context.startNanos(),
                        context.runNanos(),
                        Optional.ofNullable(failure),
                        Optional.ofNullable(replaced)));
    }
}
