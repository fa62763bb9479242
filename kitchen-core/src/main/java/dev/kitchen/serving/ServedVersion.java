package dev.kitchen.serving;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.pipeline.VersionPipeline;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.DrainingVersion;
import dev.kitchen.runtime.Reaper;
import dev.kitchen.runtime.Watchdog;
import dev.kitchen.session.Predictor;
import dev.kitchen.session.SessionRuns;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.stage.StageContext;
import dev.kitchen.telemetry.CallStatistics;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.ModelSignature;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One loaded version and its life: it answers while it is in service, and once {@linkplain #retire retired} its session
 * is freed by the reaper after the last run has ended, and never before.
 */
public final class ServedVersion implements DrainingVersion {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServedVersion.class);

    private final VersionIdentity artifact;
    private final String place;
    private final InferenceSession session;
    private final SafeListener listener;
    private final Watchdog watchdog;
    private final Reaper reaper;
    private final SessionRuns runs;
    private final VersionPipeline pipeline;
    private final CallStatistics statistics;
    private final Lease lease = new Lease();
    private final Set<Attachment> attachments = ConcurrentHashMap.newKeySet();
    private final CountDownLatch freed = new CountDownLatch(1);
    private final AtomicInteger terminatedRuns = new AtomicInteger();
    private final AtomicBoolean leakReported = new AtomicBoolean();
    private final Instant loadedSince = Instant.now();

    /** Something native that belongs to a version and is freed before its session. */
    public interface Attachment {

        /** Frees it. Never throws. */
        void close();
    }

    /**
     * Takes a session into service, which belongs to this object from then on.
     *
     * @param rowsRefusal why the rows of the version may not be batched; empty if they may
     */
    public ServedVersion(
            VersionIdentity artifact, InferenceSession session, ServingContext context, Optional<String> rowsRefusal) {
        this.artifact = artifact;
        this.place = artifact.place();
        this.session = session;
        this.listener = context.listener();
        this.watchdog = context.threads().watchdog();
        this.reaper = context.threads().reaper();
        this.runs = new SessionRuns(artifact, session, context.session());
        this.statistics = new CallStatistics(context.ticker());
        StageContext stages = new StageContext(
                artifact, session.signature(), context.ticker(), context.threads(), listener, statistics, this::leased);
        this.pipeline = new VersionPipeline(context.settings().apply(artifact.model()), stages, runs::run, rowsRefusal);
        watchdog.watchRuns(runs.inFlight(), artifact.place());
        // Last, as nothing may fail from here on: the reaper waits for every version it expects.
        reaper.expectOne();
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
    public VersionIdentity artifact() {
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
    @Override
    public String place() {
        return place;
    }

    /** How many calls it is answering now. */
    @Override
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
            reaper.free(this::free);
        }
    }

    /** The version with its stages. */
    public VersionPipeline pipeline() {
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

    /**
     * Creates something that belongs to this version. The caller has acquired the version.
     *
     * @throws dev.kitchen.error.KitchenException if it cannot be created; what the backend throws names the version
     */
    public <T extends Attachment> T attach(Function<InferenceSession, T> maker) {
        T made;
        try {
            made = maker.apply(session);
        } catch (Throwable e) {
            throw runs.withPlace(e);
        }
        try {
            attachments.add(made);
            return made;
        } catch (Throwable e) {
            made.close();
            throw runs.withPlace(e);
        }
    }

    /** Frees an attachment. Where the version is retired, the reaper frees it, or has done so. */
    public void detach(Attachment attachment) {
        if (tryAcquire()) {
            try {
                if (attachments.remove(attachment)) {
                    attachment.close();
                }
            } finally {
                release();
            }
        }
    }

    /** Runs over bound memory. The caller has acquired this version. */
    public void run(SessionRuns.BoundMemory bound, CallContext context) {
        runs.run(bound, context);
    }

    /** Takes the version out of service; calls that come later are refused, those under way go on. */
    public void retire() {
        if (lease.retire()) {
            reaper.free(this::free);
        } else {
            watchdog.drains(this);
        }
        pipeline.retire();
    }

    /** Whether nothing of it is left in memory. */
    @Override
    public boolean isFreed() {
        return freed.getCount() == 0;
    }

    private void free() {
        try {
            watchdog.forget(runs.inFlight());
            pipeline.close();
            attachments.forEach(Attachment::close);
            ForeignCode.attempt(place + ": closing its session", session::close);
            listener.onClose(new CloseEvent(artifact.model(), artifact.version(), terminatedRuns.get(), false));
        } finally {
            freed.countDown();
            watchdog.drained(this);
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
            listener.onClose(new CloseEvent(artifact.model(), artifact.version(), terminatedRuns.get(), true));
        }
    }
}
