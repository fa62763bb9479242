package dev.kitchen.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.observe.VersionStatistics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CallStatisticsTest {

    private static final long SECOND = 1_000_000_000;
    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong now = new AtomicLong(7 * SECOND);
    private final CallStatistics calls = new CallStatistics(now::get);

    private VersionStatistics snapshot() {
        return calls.snapshot("m", "1", 0, 0);
    }

    private void answer(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            calls.answered(nanos, now.get());
        }
    }

    private static void about(Duration duration, long nanos) {
        assertThat(duration.toNanos()).isCloseTo(nanos, Percentage.withPercentage(2));
    }

    @Test
    void isEmptyUntilACallHasEnded() {
        assertThat(calls.isEmpty()).isTrue();
        calls.answered();
        assertThat(calls.isEmpty()).isFalse();

        CallStatistics failing = new CallStatistics(now::get);
        failing.failed(new InferenceException("broken"));
        assertThat(failing.isEmpty()).isFalse();
    }

    @Test
    void countsCallsByTheirOutcome() {
        answer(2, MILLISECOND);
        calls.answered();
        calls.failed(new InferenceException("broken"));
        calls.failed(new InferenceException("broken"));
        calls.failed(new InvalidRequestException("wrong"));
        calls.replaced();
        calls.batched(5);
        calls.batched(6);

        VersionStatistics statistics = calls.snapshot("m", "1", 8, 9);

        assertThat(statistics.model()).isEqualTo("m");
        assertThat(statistics.version()).isEqualTo("1");
        assertThat(statistics.answers()).isEqualTo(3);
        assertThat(statistics.failures()).isEqualTo(Map.of("backend", 2L, "invalid", 1L));
        assertThat(statistics.replaced()).isEqualTo(1);
        assertThat(statistics.batches()).isEqualTo(2);
        assertThat(statistics.batchedRows()).isEqualTo(11);
        assertThat(statistics.running()).isEqualTo(8);
        assertThat(statistics.waiting()).isEqualTo(9);
    }

    @Test
    void nothingTakesNoTime() {
        assertThat(snapshot().p50()).isZero();
        assertThat(snapshot().p99()).isZero();
        assertThat(snapshot().answersPerSecond()).isZero();
    }

    @Test
    void quantilesAreOfTheDurations() {
        answer(94, MILLISECOND);
        answer(4, 5 * MILLISECOND);
        answer(2, 90 * MILLISECOND);

        about(snapshot().p50(), MILLISECOND);
        about(snapshot().p95(), 5 * MILLISECOND);
        about(snapshot().p99(), 90 * MILLISECOND);
    }

    @Test
    void durationsAreFromZeroToFiveMinutes() {
        answer(1, -5);
        answer(1, Duration.ofHours(1).toNanos());

        assertThat(snapshot().p50()).isLessThan(Duration.ofNanos(128));
        about(snapshot().p99(), Duration.ofMinutes(5).toNanos());
    }

    @Test
    void theRateIsThatOfTheWindow() {
        answer(10, MILLISECOND);
        now.addAndGet(5 * SECOND);

        assertThat(snapshot().window()).isEqualTo(Duration.ofSeconds(5));
        assertThat(snapshot().answersPerSecond()).isCloseTo(2, within(1e-9));
    }

    @Test
    void theRecentPastIsThisHalfMinuteAndTheOneBefore() {
        answer(1, MILLISECOND);
        now.addAndGet(30 * SECOND - 1);
        answer(1, MILLISECOND);
        now.addAndGet(1);
        answer(2, 10 * MILLISECOND);
        now.addAndGet(10 * SECOND);

        assertThat(snapshot().window()).isEqualTo(Duration.ofSeconds(40));
        assertThat(snapshot().answersPerSecond()).isCloseTo(0.1, within(1e-9));

        now.addAndGet(20 * SECOND);
        assertThat(snapshot().answersPerSecond()).as("2 in 30 seconds").isCloseTo(2.0 / 30, within(1e-9));
        about(snapshot().p50(), 10 * MILLISECOND);
        assertThat(snapshot().window()).isEqualTo(Duration.ofSeconds(30));
        assertThat(snapshot().answers()).isEqualTo(4);
    }

    @Test
    void aMinuteWithoutCallsForgetsTheOnesBefore() {
        answer(5, MILLISECOND);
        now.addAndGet(60 * SECOND);

        assertThat(snapshot().answersPerSecond()).isZero();
        now.addAndGet(SECOND);
        assertThat(snapshot().window()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void justUnderAMinuteWithoutCallsRemembersThem() {
        answer(6, MILLISECOND);
        now.addAndGet(60 * SECOND - 1);

        assertThat(snapshot().window()).isEqualTo(Duration.ofNanos(60 * SECOND - 1));
        assertThat(snapshot().answersPerSecond()).isCloseTo(0.1, within(1e-6));
    }
}
