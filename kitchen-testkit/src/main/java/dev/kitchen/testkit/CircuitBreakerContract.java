package dev.kitchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every circuit breaker promises. Extend it, and make breakers. */
@Timeout(60)
public abstract class CircuitBreakerContract {

    private static final Duration OPEN = Duration.ofSeconds(60);

    private final ManualTicker ticker = new ManualTicker();

    /** For subclasses. */
    protected CircuitBreakerContract() {}

    /**
     * A breaker that opens after so many failures in a row, for that long, and closes again if one call succeeds then.
     *
     * @param clock its only clock
     */
    protected abstract CircuitBreaker afterFailures(int count, Duration openDuration, Ticker clock);

    @Test
    void opensAfterThatManyFailuresInARow() {
        CircuitBreaker breaker = afterFailures(3, OPEN, ticker);

        end(breaker, Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS, Outcome.FAILURE, Outcome.FAILURE);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.CLOSED);
        end(breaker, Outcome.FAILURE);

        assertThat(breaker.tryAcquire()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.status().failures()).isEqualTo(3);
        assertThat(breaker.status().failureThreshold()).isEqualTo(3);
        assertThat(breaker.status().lastFailure()).isPresent();
        assertThat(breaker.status().openDuration()).isEqualTo(OPEN);
        assertThat(breaker.status().retryIn()).isEqualTo(OPEN);
    }

    @Test
    void whatIsIgnoredCountsForNothing() {
        CircuitBreaker breaker = afterFailures(2, OPEN, ticker);

        end(breaker, Outcome.FAILURE, Outcome.IGNORED, Outcome.IGNORED, Outcome.FAILURE);

        assertThat(breaker.status().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void letsOneCallTryAfterItsTimeAndClosesIfItSucceeds() {
        CircuitBreaker breaker = opened();
        ticker.advance(OPEN.plusMillis(1));

        long probe = breaker.tryAcquire();
        assertThat(breaker.tryAcquire()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.HALF_OPEN);
        breaker.record(probe, Outcome.SUCCESS, 0);

        assertThat(breaker.status().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.tryAcquire()).isNotEqualTo(CircuitBreaker.REFUSED);
    }

    @Test
    void opensAgainIfTheCallThatTriesFails() {
        CircuitBreaker breaker = opened();
        ticker.advance(OPEN.plusMillis(1));

        breaker.record(breaker.tryAcquire(), Outcome.FAILURE, 0);

        assertThat(breaker.tryAcquire()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void anIgnoredTryGivesItsPlaceToTheNext() {
        CircuitBreaker breaker = opened();
        ticker.advance(OPEN.plusMillis(1));

        for (int i = 0; i < 10; i++) {
            long probe = breaker.tryAcquire();
            assertThat(probe).isNotEqualTo(CircuitBreaker.REFUSED);
            breaker.record(probe, Outcome.IGNORED, 0);
        }

        assertThat(breaker.status().state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void aCallFromBeforeItOpenedNeitherDecidesATryNorGivesAPlace() {
        for (Outcome late : Outcome.values()) {
            CircuitBreaker breaker = afterFailures(1, OPEN, ticker);
            long old = breaker.tryAcquire();
            end(breaker, Outcome.FAILURE);
            ticker.advance(OPEN.plusMillis(1));
            long probe = breaker.tryAcquire();

            breaker.record(old, late, 0);

            assertThat(breaker.tryAcquire()).as("after a late %s", late).isEqualTo(CircuitBreaker.REFUSED);
            assertThat(breaker.status().state()).isEqualTo(BreakerState.HALF_OPEN);
            breaker.record(probe, Outcome.SUCCESS, 0);
            assertThat(breaker.status().state()).isEqualTo(BreakerState.CLOSED);
        }
    }

    @Test
    void doesWhatItIsForcedTo() {
        CircuitBreaker breaker = afterFailures(1, OPEN, ticker);

        breaker.forceOpen();
        breaker.forceOpen();
        assertThat(breaker.tryAcquire()).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.FORCED_OPEN);

        breaker.forceClosed();
        end(breaker, Outcome.FAILURE, Outcome.FAILURE);
        assertThat(breaker.status().state()).isEqualTo(BreakerState.FORCED_CLOSED);
    }

    @Test
    void forgetsWhenReset() {
        CircuitBreaker breaker = opened();

        breaker.reset();

        assertThat(breaker.status().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.status().failures()).isZero();
        assertThat(breaker.status().lastFailure()).isEmpty();
        assertThat(breaker.tryAcquire()).isNotEqualTo(CircuitBreaker.REFUSED);
    }

    @Test
    void manyThreadsFindOnePlaceToTry() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            CircuitBreaker breaker = opened();
            ticker.advance(OPEN.plusMillis(1));

            List<Long> permits = Callers.results(4, number -> breaker.tryAcquire());

            assertThat(permits.stream().filter(it -> !Objects.equals(it, CircuitBreaker.REFUSED)))
                    .hasSize(1);
        }
    }

    private CircuitBreaker opened() {
        CircuitBreaker breaker = afterFailures(1, OPEN, ticker);
        end(breaker, Outcome.FAILURE);
        return breaker;
    }

    private static void end(CircuitBreaker breaker, Outcome... outcomes) {
        for (Outcome outcome : outcomes) {
            long permit = breaker.tryAcquire();
            assertThat(permit).isNotEqualTo(CircuitBreaker.REFUSED);
            breaker.record(permit, outcome, 0);
        }
    }
}
