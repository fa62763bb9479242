package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.testkit.Callers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that does not end after it was stopped, as an operator that hangs does not look for a stop. */
@Timeout(60)
class OverdueRunTest extends FakeKitchenTest {

    @Override
    Kitchen.Builder settings(Kitchen.Builder builder) {
        return builder.drainLimit(Duration.ZERO);
    }

    @BeforeEach
    void hang() {
        backend.block();
        backend.ignoreStops(true);
    }

    private void await(Health.Status status) {
        Waits.until(() -> kitchen.health().status() == status);
    }

    @Test
    void isAProblemFromFiveSecondsAfterItsDeadlineOnUntilItEnds() throws InterruptedException {
        Callers callers = Callers.start(
                2,
                (number, started) -> assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofSeconds(1))))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(2);
        ticker.advance(Duration.ofMillis(5_999));
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);

        ticker.advance(Duration.ofMillis(2_001));

        await(Health.Status.DEGRADED);
        Waits.until(() -> kitchen.health().problems().toString().contains("2 runs"));
        assertThat(kitchen.health().problems())
                .containsExactly(
                        "endpoint 'm', version '1': 2 runs have not ended 7 s after being stopped, expected at most"
                                + " 5 s; an operator of the model may hang, and holds a thread and memory");

        backend.release();
        callers.join();

        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
    }

    @Test
    void isAProblemAfterItsCallerCancelledIt() throws InterruptedException {
        CompletableFuture<Prediction> call = endpoint.predictAsync(Map.of("x", Models.x(1)));
        backend.awaitRunning(1);
        call.cancel(true);

        while (kitchen.health().status() == Health.Status.UP) {
            ticker.advance(Duration.ofSeconds(5));
        }

        assertThat(kitchen.health().problems())
                .singleElement()
                .asString()
                .startsWith("endpoint 'm', version '1': 1 run has not ended");

        backend.release();
        await(Health.Status.UP);
    }

    @Test
    void isNoProblemWhileNobodyStoppedIt() throws InterruptedException {
        Callers caller = Callers.start(1, (number, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofHours(1));

        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        backend.release();
        caller.join();
    }
}
