package dev.kitchen.call;

import dev.kitchen.error.KitchenException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
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

    /** Counts a call that a version answered. */
    void answered(
            ServedVersion version,
            Prediction answer,
            PredictionRequest request,
            CallContext context,
            @Nullable Object begun) {
        version.calls().answered(answer.durationNanos(), context.startNanos() + answer.durationNanos());
        if (!listener.isEmpty()) {
            listener.end(
                    begun,
                    event(version.version(), request, context, 1)
                            .source(answer.source())
                            .build());
        }
    }

    /** Counts a call whose version was asked and failed. */
    void failed(
            ServedVersion version,
            KitchenException failure,
            PredictionRequest request,
            CallContext context,
            int asked,
            @Nullable Object begun) {
        version.calls().failed(failure);
        if (!listener.isEmpty()) {
            listener.end(
                    begun,
                    event(version.version(), request, context, asked)
                            .failure(failure)
                            .build());
        }
    }

    /** Counts a call that reached no version, whose request has the given number of rows. Returns the failure. */
    public KitchenException notReached(
            KitchenException failure, CallOptions options, int rows, CallContext context, @Nullable Object begun) {
        ServedVersion candidate = slot.candidate(options.version());
        (candidate == null ? ofNoVersion : candidate.calls()).failed(failure);
        if (!listener.isEmpty()) {
            String version = candidate == null ? NO_VERSION : candidate.version();
            listener.end(
                    begun,
                    event(version, options, rows, context, 0).failure(failure).build());
        }
        return failure;
    }

    /** Counts a call that another version or a function answered, in place of a version that failed. */
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
        if (!listener.isEmpty()) {
            PredictionEvent.Builder event =
                    event(answer.version(), request, context, attempts.count()).source(answer.source());
            Optional.ofNullable(attempts.failure()).ifPresent(event::replaced);
            listener.end(begun, event.build());
        }
    }

    /** Reports a bound run that has already been counted. */
    public void ranBound(
            ServedVersion version,
            CallOptions options,
            int rows,
            CallContext context,
            @Nullable KitchenException failure,
            @Nullable Object begun) {
        if (!listener.isEmpty()) {
            PredictionEvent.Builder event = event(version.version(), options, rows, context, 1);
            listener.end(begun, (failure == null ? event.source(Source.MODEL) : event.failure(failure)).build());
        }
    }

    private PredictionEvent.Builder event(String version, PredictionRequest request, CallContext context, int asked) {
        return event(version, request.options(), request.inputs().rowCount(), context, asked);
    }

    private PredictionEvent.Builder event(
            String version, CallOptions options, int rows, CallContext context, int asked) {
        return PredictionEvent.builder(slot.model(), version)
                .requestId(options.requestId())
                .rows(rows)
                .attempts(asked + context.retries())
                .durations(ticker.nanoTime() - context.startNanos(), context.runNanos());
    }
}
