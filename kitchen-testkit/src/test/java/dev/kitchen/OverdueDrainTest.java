package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.Prediction;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A version that was swapped out under a call that does not end. */
@Timeout(60)
class OverdueDrainTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final CountDownLatch freed = new CountDownLatch(1);
    private Kitchen kitchen;

    @BeforeEach
    void open() throws IOException {
        FakeBackend.writeModel(directory, "m", "first");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .drainLimit(Duration.ofSeconds(10))
                .listener(new KitchenListener() {
                    @Override
                    public void onClose(CloseEvent event) {
                        freed.countDown();
                    }
                })
                .open();
    }

    @AfterEach
    void leaksNoSession() {
        backend.release();
        kitchen.close();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    /** A call that stays in the version that is swapped out under it. */
    private CompletableFuture<Prediction> stuckCall() throws IOException, InterruptedException {
        backend.block();
        CompletableFuture<Prediction> call = kitchen.endpoint("m").predictAsync(Map.of("x", Models.x(1)));
        backend.awaitRunning(1);
        FakeBackend.writeModel(directory, "m", "replaced");
        kitchen.refresh();
        return call;
    }

    @Test
    void isAProblemFromTheDrainLimitOnUntilItsLastCallHasEnded() throws Exception {
        CompletableFuture<Prediction> call = stuckCall();
        ticker.advance(Duration.ofMillis(9_999));
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);

        ticker.advance(Duration.ofMillis(2_001));

        assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(kitchen.health().problems())
                .containsExactly(
                        "endpoint 'm', version '1': has 1 call in flight 12 s after it was taken out of service,"
                                + " expected none after 10 s; it stays in memory until they end");
        assertThat(backend.openSessions()).isEqualTo(2);

        backend.release();

        assertThat(call.get().tensor("tag").stringAt(0)).isEqualTo("first");
        freed.await();
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        assertThat(kitchen.endpoint("m").predict("x", Models.x(1)).version()).isEqualTo("2");
    }

    @Test
    void isNoProblemWithoutCalls() throws Exception {
        FakeBackend.writeModel(directory, "m", "replaced");
        kitchen.refresh();
        freed.await();

        ticker.advance(Duration.ofHours(1));

        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
    }
}
