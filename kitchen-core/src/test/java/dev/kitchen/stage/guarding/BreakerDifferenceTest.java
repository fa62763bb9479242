package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.spi.VersionIdentity;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ours beside a plain resilience4j one, over the same events: the same permits, states and counts at every step. Calls
 * overlap; one that began before the last change of state is told to ours, which has to leave it out, and not to the plain
 * one, which would count it.
 */
@Timeout(120)
class BreakerDifferenceTest {

    private static final int TRACES = 400;
    private static final int STEPS = 1_500;

    private final AtomicLong nanos = new AtomicLong(17);

    /** A call under way: what ours gave it, and how many changes of state there had been. */
    private record Call(long permit, int era) {}

    @Test
    void behavesAsAPlainOne() {
        long seed =
                Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
        for (int i = 0; i < TRACES; i++) {
            try {
                trace(new SplittableRandom(seed + i));
            } catch (AssertionError e) {
                throw new AssertionError("repeat with -Dkitchen.fuzz.seed=" + (seed + i), e);
            }
        }
    }

    private void trace(SplittableRandom random) {
        CircuitBreakerConfig settings = settings(random);
        VersionIdentity artifact = new VersionIdentity("m", "1", "x");
        var ours = new WindowBreaker(artifact, settings, nanos::get, new KitchenListener() {});
        var plain = io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "plain", WindowSettings.of(settings, nanos::get));
        AtomicInteger era = new AtomicInteger();
        plain.getEventPublisher().onStateTransition(it -> era.incrementAndGet());
        plain.getEventPublisher().onReset(it -> era.incrementAndGet());
        List<Call> calls = new ArrayList<>();
        long lastPermitted = 0;
        double failing = random.nextDouble() * random.nextDouble();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    boolean permitted = plain.tryAcquirePermission() || probesHang(plain, settings, lastPermitted);
                    long permit = ours.tryAcquire();
                    assertThat(permit != CircuitBreaker.REFUSED).isEqualTo(permitted);
                    if (permitted) {
                        lastPermitted = plain.getState() == State.CLOSED ? lastPermitted : nanos.get();
                        calls.add(new Call(permit, era.get()));
                    }
                }
                case 3 -> nanos.addAndGet(random.nextLong(1_500_000_000));
                case 4 -> {
                    if (random.nextInt(60) == 0) {
                        force(random.nextInt(3), ours, plain);
                    }
                }
                default -> {
                    if (!calls.isEmpty()) {
                        Call call = calls.remove(random.nextInt(calls.size()));
                        Outcome outcome = outcome(random, failing);
                        long took = random.nextLong(2_000);
                        ours.record(call.permit, outcome, took);
                        if (call.era == era.get()) {
                            record(plain, outcome, took);
                        }
                    }
                }
            }
            check(ours, plain, random);
        }
    }

    /** Plain ones refuse for ever where no probe ends; ours lets one more try each time. */
    private boolean probesHang(
            io.github.resilience4j.circuitbreaker.CircuitBreaker plain,
            CircuitBreakerConfig settings,
            long lastPermitted) {
        return plain.getState() == State.HALF_OPEN
                && nanos.get() - lastPermitted >= settings.openDuration().toNanos();
    }

    private static void check(
            WindowBreaker ours, io.github.resilience4j.circuitbreaker.CircuitBreaker plain, SplittableRandom random) {
        // Looking tells what waits to be told: seldom, so that streaks grow.
        if (random.nextInt(20) == 0) {
            assertThat(ours.status().state()).isEqualTo(state(plain.getState()));
            assertThat(ours.status().calls()).isEqualTo(plain.getMetrics().getNumberOfBufferedCalls());
            assertThat(ours.status().failures()).isEqualTo(plain.getMetrics().getNumberOfFailedCalls());
        }
    }

    private static void force(
            int what, WindowBreaker ours, io.github.resilience4j.circuitbreaker.CircuitBreaker plain) {
        switch (what) {
            case 0 -> {
                ours.forceOpen();
                if (plain.getState() != State.FORCED_OPEN) {
                    plain.transitionToForcedOpenState();
                }
            }
            case 1 -> {
                ours.forceClosed();
                if (plain.getState() != State.DISABLED) {
                    plain.transitionToDisabledState();
                }
            }
            default -> {
                ours.reset();
                plain.reset();
            }
        }
    }

    private static void record(io.github.resilience4j.circuitbreaker.CircuitBreaker plain, Outcome outcome, long took) {
        switch (outcome) {
            case SUCCESS -> plain.onSuccess(took, TimeUnit.NANOSECONDS);
            case FAILURE -> plain.onError(took, TimeUnit.NANOSECONDS, new IllegalStateException("failed"));
            case IGNORED -> plain.releasePermission();
        }
    }

    private static Outcome outcome(SplittableRandom random, double failing) {
        if (random.nextInt(10) == 0) {
            return Outcome.IGNORED;
        }
        return random.nextDouble() < failing ? Outcome.FAILURE : Outcome.SUCCESS;
    }

    private static CircuitBreakerConfig settings(SplittableRandom random) {
        CircuitBreakerConfig.Builder settings = CircuitBreakerConfig.builder()
                .countWindow(1 + random.nextInt(30))
                .minimumCalls(1 + random.nextInt(30))
                .failureRate(0.05 + random.nextDouble() * 0.95)
                .probes(1 + random.nextInt(5))
                .openDuration(Duration.ofMillis(1 + random.nextInt(3_000)));
        if (random.nextInt(3) == 0) {
            settings.slowCalls(0.1 + random.nextDouble() * 0.9, Duration.ofNanos(1_500));
        }
        if (random.nextInt(3) == 0) {
            settings.timeWindow(Duration.ofSeconds(1 + random.nextInt(10)));
        }
        return settings.build();
    }

    private static BreakerState state(State state) {
        return switch (state) {
            case OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case FORCED_OPEN -> BreakerState.FORCED_OPEN;
            case DISABLED -> BreakerState.FORCED_CLOSED;
            default -> BreakerState.CLOSED;
        };
    }
}
