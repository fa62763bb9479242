package dev.kitchen.guard;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Tries a call again that failed with an error that says it {@linkplain dev.kitchen.error.KitchenException#retryable
 * may}, after a pause that doubles each time and ends somewhere between half of it and all of it, so that callers do not
 * come back together. Within the call's time; never a call that was stopped. Immutable.
 */
public final class Retrying {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final int attempts;
    private final Duration firstPause;
    private final Duration longestPause;

    private Retrying(int attempts, Duration firstPause, Duration longestPause) {
        this.attempts = attempts;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
    }

    /** Tries so often in all, 1 or more, with pauses from 10 ms up to 1 second. */
    public static Retrying attempts(int most) {
        if (most < 1) {
            throw new ConfigurationException("retrying: attempts are " + most + ", expected 1 or more");
        }
        return new Retrying(most, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /** This, with other pauses: longer than zero, the longest no shorter than the first. */
    public Retrying withPauses(Duration first, Duration longest) {
        List<String> problems = new ArrayList<>();
        if (first.isZero() || first.isNegative()) {
            problems.add("first pause is " + first + ", expected more than zero");
        }
        if (longest.compareTo(first) < 0) {
            problems.add("longest pause is " + longest + ", expected the first one's " + first + " or more");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("retrying: " + String.join("; ", problems));
        }
        return new Retrying(attempts, first, longest);
    }

    /**
     * Lets calls be tried again.
     *
     * @param pause blocks a call's thread for so many nanoseconds, or until the call is stopped
     */
    public Predictor before(
            Predictor next,
            ModelArtifact artifact,
            Ticker ticker,
            ObjLongConsumer<CallContext> pause,
            Supplier<? extends RandomGenerator> random) {
        return attempts == 1 ? next : new RetryStage(next, this, artifact.place(), ticker, pause, random);
    }

    int attempts() {
        return attempts;
    }

    /**
     * How long to wait after an attempt.
     *
     * @param attempt from 1
     * @param random from 0 to 1
     */
    long pauseNanos(int attempt, double random) {
        double doubled = (double) Nanos.of(firstPause) * Math.pow(2, attempt - 1.0);
        double full = Math.min((double) Nanos.of(longestPause), doubled);
        return (long) (full * (0.5 + random / 2));
    }
}
