package dev.kitchen.serving;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.ModelSignature;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loaded version and its life: it answers while it is in service, and once {@linkplain #retire retired} its session
 * is freed by the reaper after the last run has ended, and never before.
 */
public final class ServedModel {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServedModel.class);

    private final ModelArtifact artifact;
    private final String place;
    private final InferenceSession session;
    private final Environment environment;
    private final ModelRuns runs;
    private final Predictor pipeline;
    private final CallStatistics statistics;
    private final Lease lease = new Lease();
    private final Set<BoundModel> boundModels = ConcurrentHashMap.newKeySet();
    private final CountDownLatch freed = new CountDownLatch(1);
    private final AtomicInteger terminatedRuns = new AtomicInteger();
    private final AtomicBoolean leakReported = new AtomicBoolean();
    private final Instant loadedSince = Instant.now();

    /** What all served models of a kitchen share. */
    public record Environment(Ticker ticker, Watchdog watchdog, Reaper reaper, SafeListener listener, Stages stages) {}

    /** Puts stages in front of a version. */
    public interface Stages {

        /**
         * What answers calls for the version.
         *
         * @param run runs the model on the thread that calls it
         * @param calls where its calls are counted
         * @param leased lets a predictor keep the version in memory while it runs, for runs that no caller waits for; it
         *     then throws {@code NotReadyException} once the version is out of service
         */
        Predictor before(Predictor run, ModelArtifact artifact, CallStatistics calls, UnaryOperator<Predictor> leased);

        /** The version is out of service: runs that no caller waits for are to end. Does not block. */
        default void retired(ModelArtifact artifact) {}

        /** The version leaves memory, and nobody calls it any more. Does not block. */
        default void ended(ModelArtifact artifact) {}
    }

    /** Takes the session into service; it is this object's from now on. */
    public ServedModel(ModelArtifact artifact, InferenceSession session, Environment environment) {
        this.artifact = artifact;
        this.place = artifact.place();
        this.session = session;
        this.environment = environment;
        this.runs = new ModelRuns(artifact, session, environment);
        this.statistics = new CallStatistics(environment.ticker());
        this.pipeline = environment.stages().before(runs::run, artifact, statistics, this::leased);
        environment.watchdog().watchRuns(runs.inFlight(), artifact.place());
        // Last, as nothing may fail from here on: the reaper waits for whoever it expects.
        environment.reaper().expectOne();
    }

    private Predictor leased(Predictor predictor) {
        return (request, context) -> {
            if (!tryAcquire()) {
                throw new NotReadyException(place + ": is out of service");
            }
            try {
                return predictor.predict(request, context);
            } finally {
                release();
            }
        };
    }

    /** What this is, as its stages know it. */
    public ModelArtifact artifact() {
        return artifact;
    }

    public String name() {
        return artifact.model();
    }

    public String version() {
        return artifact.version();
    }

    public ModelSignature signature() {
        try {
            return session.signature();
        } catch (Throwable e) {
            throw ForeignCode.typed(place + ": its session does not tell its signature", e);
        }
    }

    public ModelMetadata metadata() {
        try {
            return session.metadata();
        } catch (Throwable e) {
            throw ForeignCode.typed(place + ": its session does not tell its metadata", e);
        }
    }

    /** Where this is, as the beginning of a message. */
    public String place() {
        return place;
    }

    /** How many calls it is answering now. */
    public long users() {
        return lease.users();
    }

    /** Where its calls are counted. */
    public CallStatistics calls() {
        return statistics;
    }

    /** What became of its calls. */
    public VersionStatistics statistics() {
        long running = runs.inFlight().count();
        return statistics.snapshot(name(), version(), running, Math.max(0, lease.users() - running));
    }

    /** Whether it was taken out of service. */
    public boolean isRetired() {
        return lease.isRetired();
    }

    /** When it came into memory. */
    public Instant loadedSince() {
        return loadedSince;
    }

    /** Keeps the version from being freed until {@link #release}; false if it is out of service. */
    boolean tryAcquire() {
        return lease.tryAcquire();
    }

    /** Gives back what {@link ServingSlot#acquire} or {@link #tryAcquire} took. */
    public void release() {
        if (lease.release()) {
            environment.reaper().free(this::free);
        }
    }

    /** The version with its stages in front. */
    public Predictor pipeline() {
        return pipeline;
    }

    /** Answers a request. The caller has acquired this version. */
    public Prediction predict(PredictionRequest request, CallContext context) {
        Prediction answer = pipeline.predict(runs.checked(request), context);
        // Also where the call shared a run, which goes by the time of all who wait for it.
        if (context.hasDeadline() || context.isStopped()) {
            runs.requireInTime(context, context.startNanos() + answer.durationNanos());
        }
        return answer;
    }

    /** Binds memory of a call to this version. The caller has acquired this version. */
    public BoundModel bind(BoundBuffers buffers) {
        buffers.requireFits(this);
        BoundModel bound;
        try {
            bound = new BoundModel(this, session, buffers);
        } catch (Throwable e) {
            throw runs.withPlace(e);
        }
        try {
            boundModels.add(bound);
            return bound;
        } catch (Throwable e) {
            bound.close();
            throw runs.withPlace(e);
        }
    }

    /** Frees what binding made. Where the version is out of service, the reaper does or has done that. */
    public void unbind(BoundModel bound) {
        if (tryAcquire()) {
            try {
                if (boundModels.remove(bound)) {
                    bound.close();
                }
            } finally {
                release();
            }
        }
    }

    /** Runs over bound memory. The caller has acquired this version. */
    public void run(BoundModel bound, CallContext context) {
        runs.run(bound, context);
    }

    /** Takes the version out of service; calls that come later are refused, those under way go on. */
    public void retire() {
        if (lease.retire()) {
            environment.reaper().free(this::free);
        } else {
            environment.watchdog().drains(this);
        }
        ForeignCode.attempt(
                place + ": retiring its stages", () -> environment.stages().retired(artifact));
    }

    /** Whether nothing of it is left in memory. */
    boolean isFreed() {
        return freed.getCount() == 0;
    }

    private void free() {
        try {
            environment.watchdog().forget(runs.inFlight());
            ForeignCode.attempt(
                    place + ": ending its stages", () -> environment.stages().ended(artifact));
            boundModels.forEach(BoundModel::close);
            ForeignCode.attempt(place + ": closing its session", session::close);
            environment
                    .listener()
                    .onClose(new CloseEvent(artifact.model(), artifact.version(), terminatedRuns.get(), false));
        } finally {
            freed.countDown();
            environment.watchdog().drained(this);
        }
    }

    /** Stops the runs under way. */
    public void terminateRuns() {
        runs.inFlight().stopAll(StopReason.CLOSING, terminatedRuns);
    }

    /**
     * Waits until the session of a retired version is freed. An interrupt does not end the wait; it is kept for later.
     *
     * @return false if the time passed before
     */
    public boolean awaitFreed(long nanos) {
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return freed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Reports runs that would not stop. The session stays until they end: memory is lost, the JVM is not. */
    public void reportLeak() {
        if (leakReported.compareAndSet(false, true)) {
            LOGGER.error("{}: {} runs do not stop; the model stays in memory until they end", place, lease.users());
            environment
                    .listener()
                    .onClose(new CloseEvent(artifact.model(), artifact.version(), terminatedRuns.get(), true));
        }
    }
}
