package dev.kitchen.observe;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.predict.Prediction.Source;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that ended, with an answer or a failure. There is one event per call, after fallbacks, also where no version was
 * reached. Immutable.
 */
public final class PredictionEvent {

    private final String model;
    private final String version;
    private final @Nullable Source source;
    private final Optional<String> requestId;
    private final int rows;
    private final int attempts;
    private final long durationNanos;
    private final long runNanos;
    private final @Nullable KitchenException failure;
    private final @Nullable KitchenException replaced;

    private PredictionEvent(Builder builder) {
        this.model = builder.model;
        this.version = builder.version;
        this.source = builder.source;
        this.requestId = builder.requestId;
        this.rows = builder.rows;
        this.attempts = builder.attempts;
        this.durationNanos = builder.durationNanos;
        this.runNanos = builder.runNanos;
        this.failure = builder.failure;
        this.replaced = builder.replaced;
    }

    /**
     * Returns a builder for an event.
     *
     * @param version as {@link #version()}
     */
    public static Builder builder(String model, String version) {
        return new Builder(model, version);
    }

    /** The model. */
    public String model() {
        return model;
    }

    /**
     * The version that answered, or would have; {@code fallback} where the function of a fallback answered, and empty where
     * no version is known.
     */
    public String version() {
        return version;
    }

    /** Where the answer came from; empty where there was none. */
    public Optional<Source> source() {
        return Optional.ofNullable(source);
    }

    /** The caller's name for the call; empty where it gave none. */
    public Optional<String> requestId() {
        return requestId;
    }

    /** The number of rows of the inputs; 0 where they are not in rows. */
    public int rows() {
        return rows;
    }

    /** The number of times that a version was asked, retries and fallbacks included; 0 where none was reached. */
    public int attempts() {
        return attempts;
    }

    /** The time from the start of the call to its end, in nanoseconds. */
    public long durationNanos() {
        return durationNanos;
    }

    /** How long of that the model ran, in nanoseconds, also if it answered other calls at once; 0 where it did not run. */
    public long runNanos() {
        return runNanos;
    }

    /** The failure; empty where there was an answer. */
    public Optional<KitchenException> failure() {
        return Optional.ofNullable(failure);
    }

    /** The failure of the version that was asked first, where a fallback answered in its place. */
    public Optional<KitchenException> replaced() {
        return Optional.ofNullable(replaced);
    }

    /** Returns why there was no answer, as one of a few words; {@code none} where there was one. See {@link #reasonOf}. */
    public String reason() {
        return failure().map(PredictionEvent::reasonOf).orElse("none");
    }

    /**
     * Returns a failure as one of a few words, for counting: {@code invalid}, {@code timeout}, {@code cancelled}, {@code
     * not_ready}, {@code backend}, or a {@linkplain RejectedException.Reason rejection's reason} in lower case.
     */
    public static String reasonOf(KitchenException failure) {
        if (failure instanceof RejectedException rejected) {
            return rejected.reason().name().toLowerCase(Locale.ROOT);
        }
        if (failure instanceof DeadlineExceededException) {
            return "timeout";
        }
        if (failure instanceof CancelledException) {
            return "cancelled";
        }
        if (failure instanceof InvalidRequestException) {
            return "invalid";
        }
        return failure instanceof NotReadyException || failure instanceof ModelNotFoundException
                ? "not_ready"
                : "backend";
    }

    @Override
    public String toString() {
        return "call of " + model + " version " + version + ": " + reason() + " after " + durationNanos + " ns";
    }

    /** Collects the properties of an event; not thread-safe. */
    public static final class Builder {

        private final String model;
        private final String version;
        private @Nullable Source source;
        private Optional<String> requestId = Optional.empty();
        private int rows;
        private int attempts;
        private long durationNanos;
        private long runNanos;
        private @Nullable KitchenException failure;
        private @Nullable KitchenException replaced;

        private Builder(String model, String version) {
            this.model = model;
            this.version = version;
        }

        /** Sets where the answer came from. */
        public Builder source(Source origin) {
            this.source = origin;
            return this;
        }

        /** Sets the caller's name for the call. */
        public Builder requestId(Optional<String> id) {
            this.requestId = id;
            return this;
        }

        /** Sets the number of rows, 0 or more. */
        public Builder rows(int count) {
            this.rows = count;
            return this;
        }

        /** Sets how often a version was asked, 0 or more. */
        public Builder attempts(int count) {
            this.attempts = count;
            return this;
        }

        /** Sets how long the call took and how long the model ran for it, in nanoseconds. */
        public Builder durations(long callNanos, long modelNanos) {
            this.durationNanos = callNanos;
            this.runNanos = modelNanos;
            return this;
        }

        /** Sets why there was no answer. */
        public Builder failure(KitchenException why) {
            this.failure = why;
            return this;
        }

        /** Sets why a fallback answered. */
        public Builder replaced(KitchenException why) {
            this.replaced = why;
            return this;
        }

        /** Returns the event. */
        public PredictionEvent build() {
            return new PredictionEvent(this);
        }
    }
}
