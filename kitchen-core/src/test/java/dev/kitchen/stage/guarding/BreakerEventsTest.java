package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.spi.VersionIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerEventsTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "x");

    private final AtomicLong nanos = new AtomicLong();
    private final List<BreakerEvent> told = new ArrayList<>();
    private final CircuitBreaker breaker = new WindowBreaker(
            ARTIFACT,
            CircuitBreakerConfig.afterFailures(2).toBuilder()
                    .openDuration(Duration.ofSeconds(1))
                    .build(),
            nanos::get,
            new KitchenListener() {
                @Override
                public void onBreaker(BreakerEvent event) {
                    told.add(event);
                }
            });

    private void end(Outcome outcome) {
        breaker.record(breaker.tryAcquire(), outcome, 0);
    }

    private static BreakerEvent change(BreakerState from, BreakerState to, int failures, int calls) {
        return new BreakerEvent("m", "1", from, to, failures, calls);
    }

    @Test
    void tellsOfEveryChangeWithTheCallsBeforeIt() {
        end(Outcome.FAILURE);
        end(Outcome.FAILURE);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        end(Outcome.SUCCESS);

        assertThat(told)
                .extracting(BreakerEvent::from, BreakerEvent::to)
                .containsExactly(
                        tuple(BreakerState.CLOSED, BreakerState.OPEN),
                        tuple(BreakerState.OPEN, BreakerState.HALF_OPEN),
                        tuple(BreakerState.HALF_OPEN, BreakerState.CLOSED));
    }

    @Test
    void whoForcesItIsToldOnceWithAllCallsThatWereCounted() {
        end(Outcome.SUCCESS);
        end(Outcome.SUCCESS);

        breaker.forceOpen();
        breaker.forceOpen();

        assertThat(told).containsExactly(change(BreakerState.CLOSED, BreakerState.FORCED_OPEN, 0, 2));
    }

    @Test
    void aResetIsToldWhereItChangesTheState() {
        breaker.forceClosed();
        told.clear();

        breaker.reset();
        breaker.reset();

        assertThat(told)
                .extracting(BreakerEvent::from, BreakerEvent::to)
                .containsExactly(tuple(BreakerState.FORCED_CLOSED, BreakerState.CLOSED));
    }
}
