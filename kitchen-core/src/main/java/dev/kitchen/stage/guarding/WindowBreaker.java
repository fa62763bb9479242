package dev.kitchen.stage.guarding;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.InferenceException;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.VersionIdentity;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker that looks at the outcomes in a window, which resilience4j counts.
 *
 * <p>Its lock would be too slow for calls that take less than a microsecond. So successes that cannot change its state are
 * only added up, and told to it before anything else is: with as many calls counted as it wants to see, or without a
 * failure among them, a success can only make the rate of failures smaller. What it knows after that is what it would
 * have known, as the order between successes makes no difference.
 */
final class WindowBreaker implements CircuitBreaker {

    private final VersionIdentity artifact;
    private final CircuitBreakerConfig config;
    private final Ticker ticker;
    private final KitchenListener listener;
    private final long slowNanos;
    private final long openNanos;
    private final InferenceException failed = new InferenceException("a call failed");
    private final Object lock = new Object();
    private final io.github.resilience4j.circuitbreaker.CircuitBreaker window;
    /** Where successes are added up; null while each of them has to be told at once. */
    private volatile @Nullable Streak streak;
    /** The streak of this era, whether or not successes are added up now: some may come late. */
    private Streak current = new Streak(0);

    private BreakerState state = BreakerState.CLOSED;
    private long probesFromNanos;
    private long lastProbeNanos;
    private Optional<Instant> lastFailure = Optional.empty();

    /** Successes that wait to be told. An era is the time from one change of state to the next. */
    private static final class Streak {

        final long era;
        final LongAdder successes = new LongAdder();

        Streak(long era) {
            this.era = era;
        }
    }

    WindowBreaker(VersionIdentity artifact, CircuitBreakerConfig config, Ticker ticker, KitchenListener listener) {
        this.artifact = artifact;
        this.config = config;
        this.ticker = ticker;
        this.listener = listener;
        this.slowNanos = config.slowCallDuration().map(Nanos::of).orElse(Long.MAX_VALUE);
        this.openNanos = Nanos.of(config.openDuration());
        this.window = io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                artifact.place(), WindowSettings.of(config, ticker));
        synchronized (lock) {
            chooseRoad();
        }
    }

    @Override
    public long tryAcquire() {
        Streak closed = streak;
        if (closed != null) {
            return closed.era;
        }
        long permit;
        Optional<BreakerEvent> change;
        synchronized (lock) {
            Metrics counted = window.getMetrics();
            boolean permitted = window.tryAcquirePermission();
            change = noteChange(counted);
            permit = permitted || probesHang() ? current.era : REFUSED;
            if (permit != REFUSED) {
                lastProbeNanos = ticker.nanoTime();
            }
        }
        change.ifPresent(listener::onBreaker);
        return permit;
    }

    /** Whether nothing has come of the probes for so long that one more call is to try. */
    private boolean probesHang() {
        return state == BreakerState.HALF_OPEN && ticker.nanoTime() - lastProbeNanos >= openNanos;
    }

    @Override
    public void record(long permit, Outcome outcome, long durationNanos) {
        Streak closed = streak;
        if (closed != null && closed.era == permit && outcome != Outcome.FAILURE) {
            if (outcome == Outcome.IGNORED) {
                return;
            }
            if (durationNanos <= slowNanos) {
                closed.successes.increment();
                return;
            }
        }
        Optional<BreakerEvent> change;
        synchronized (lock) {
            change = isOver(permit) ? Optional.empty() : tell(outcome, durationNanos);
        }
        change.ifPresent(listener::onBreaker);
    }

    /** A call that began before the last change of state says nothing about now, and has taken none of its permits. */
    private boolean isOver(long permit) {
        return permit != current.era;
    }

    private Optional<BreakerEvent> tell(Outcome outcome, long durationNanos) {
        tellStreak();
        Metrics counted = window.getMetrics();
        switch (outcome) {
            case SUCCESS -> window.onSuccess(durationNanos, TimeUnit.NANOSECONDS);
            case FAILURE -> {
                lastFailure = Optional.of(Instant.now());
                window.onError(durationNanos, TimeUnit.NANOSECONDS, failed);
            }
            case IGNORED -> window.releasePermission();
        }
        Optional<BreakerEvent> change = noteChange(counted);
        chooseRoad();
        return change;
    }

    private void tellStreak() {
        long waiting = current.successes.sumThenReset();
        // More than fit into the window would only push one another out of it.
        for (long i = Math.min(waiting, config.countWindow()); i > 0; i--) {
            window.onSuccess(0, TimeUnit.NANOSECONDS);
        }
    }

    private Optional<BreakerEvent> noteChange(Metrics before) {
        BreakerState now = stateOf(window.getState());
        if (now == state) {
            return Optional.empty();
        }
        BreakerEvent event = new BreakerEvent(
                artifact.model(),
                artifact.version(),
                state,
                now,
                Math.max(0, before.getNumberOfFailedCalls()),
                Math.max(0, before.getNumberOfBufferedCalls()));
        state = now;
        if (now == BreakerState.OPEN) {
            probesFromNanos = Nanos.after(ticker.nanoTime(), openNanos);
        }
        beginEra();
        return Optional.of(event);
    }

    private void beginEra() {
        current = new Streak(current.era + 1);
        chooseRoad();
    }

    private void chooseRoad() {
        streak = state == BreakerState.FORCED_CLOSED || (state == BreakerState.CLOSED && successesCanWait())
                ? current
                : null;
    }

    private boolean successesCanWait() {
        if (config.timeWindow().isPresent()) {
            return false;
        }
        Metrics counted = window.getMetrics();
        return counted.getNumberOfBufferedCalls() >= WindowSettings.effectiveMinimum(config)
                || counted.getNumberOfFailedCalls() + counted.getNumberOfSlowSuccessfulCalls() == 0;
    }

    private static BreakerState stateOf(io.github.resilience4j.circuitbreaker.CircuitBreaker.State state) {
        return switch (state) {
            case OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case FORCED_OPEN -> BreakerState.FORCED_OPEN;
            case DISABLED -> BreakerState.FORCED_CLOSED;
            default -> BreakerState.CLOSED;
        };
    }

    @Override
    public Status status() {
        synchronized (lock) {
            tellStreak();
            Metrics counted = window.getMetrics();
            long left = state == BreakerState.OPEN ? Nanos.until(probesFromNanos, ticker.nanoTime()) : 0;
            return new Status(
                    state,
                    counted.getNumberOfBufferedCalls(),
                    counted.getNumberOfFailedCalls(),
                    WindowSettings.failureThreshold(config),
                    lastFailure,
                    config.openDuration(),
                    Duration.ofNanos(left));
        }
    }

    @Override
    public void forceOpen() {
        force(BreakerState.FORCED_OPEN, window::transitionToForcedOpenState);
    }

    @Override
    public void forceClosed() {
        force(BreakerState.FORCED_CLOSED, window::transitionToDisabledState);
    }

    @Override
    public void reset() {
        Optional<BreakerEvent> change;
        synchronized (lock) {
            Metrics counted = window.getMetrics();
            window.reset();
            change = noteChange(counted);
            beginEra();
            lastFailure = Optional.empty();
        }
        change.ifPresent(listener::onBreaker);
    }

    private void force(BreakerState wanted, Runnable transition) {
        Optional<BreakerEvent> change = Optional.empty();
        synchronized (lock) {
            if (state != wanted) {
                tellStreak();
                Metrics counted = window.getMetrics();
                transition.run();
                change = noteChange(counted);
            }
        }
        change.ifPresent(listener::onBreaker);
    }
}
