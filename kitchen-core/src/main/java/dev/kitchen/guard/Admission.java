package dev.kitchen.guard;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import dev.kitchen.predict.Waiting;
import java.time.Duration;
import java.util.Optional;

/**
 * How many runs of a version there may be at once, and how many calls may wait for one, first come, first served. A call
 * that would wait past its deadline, by what runs took lately, is refused at once. A run counts until it really ends, also
 * when nobody waits for it any longer. Immutable.
 */
public final class Admission {

    private static final int USUAL_MAX_QUEUED = 10_000;
    private static final int USUAL_MAX_RUNS =
            Math.max(64, 8 * Runtime.getRuntime().availableProcessors());

    private static final Admission NONE = new Admission(Integer.MAX_VALUE, 0, Optional.empty());
    private static final Admission USUAL = new Admission(USUAL_MAX_RUNS, USUAL_MAX_QUEUED, Optional.empty());

    private final int maxConcurrentRuns;
    private final int maxQueued;
    private final Optional<Duration> targetLatency;

    private Admission(int maxConcurrentRuns, int maxQueued, Optional<Duration> targetLatency) {
        this.maxConcurrentRuns = maxConcurrentRuns;
        this.maxQueued = maxQueued;
        this.targetLatency = targetLatency;
    }

    /** No limits. */
    public static Admission none() {
        return NONE;
    }

    /** Eight runs per CPU, at least 64, and 10,000 calls that wait: a small model never comes near. The default. */
    public static Admission usual() {
        return USUAL;
    }

    /** So many runs at once, 1 or more, and 10,000 calls that wait. */
    public static Admission ofConcurrentRuns(int most) {
        if (most < 1) {
            throw new ConfigurationException("admission: concurrent runs are " + most + ", expected 1 or more");
        }
        return new Admission(most, USUAL_MAX_QUEUED, Optional.empty());
    }

    /** This, with so many calls that may wait: 0 or more. */
    public Admission withMaxQueued(int calls) {
        if (calls < 0) {
            throw new ConfigurationException("admission: maxQueued is " + calls + ", expected 0 or more");
        }
        return new Admission(maxConcurrentRuns, calls, targetLatency);
    }

    /**
     * This, with a number of runs that adapts itself, from one up to the limit: a tenth fewer when runs take longer than
     * that on average, one more when they do not and calls had to wait.
     *
     * @param target longer than zero
     */
    public Admission withTargetLatency(Duration target) {
        if (target.isZero() || target.isNegative()) {
            throw new ConfigurationException("admission: target latency is " + target + ", expected more than zero");
        }
        return new Admission(maxConcurrentRuns, maxQueued, Optional.of(target));
    }

    /** Lets calls run as far as there is room. */
    public Predictor before(Predictor run, ModelArtifact artifact, Waiting waiting, Ticker ticker) {
        if (this == NONE) {
            return run;
        }
        Optional<AdaptiveLimit> adaptive = targetLatency.map(it -> new AdaptiveLimit(maxConcurrentRuns, Nanos.of(it)));
        RunPermits permits = new RunPermits(artifact.place(), maxConcurrentRuns, maxQueued, adaptive);
        return new PermitStage(run, permits, artifact.place(), waiting, ticker);
    }
}
