package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Ticker;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetryTest {

    private static final RetryPolicy QUICKLY = RetryPolicy.builder()
            .maxAttempts(3)
            .firstPause(Duration.ofNanos(1))
            .longestPause(Duration.ofMillis(1))
            .build();

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private Kitchen kitchen;
    private Endpoint endpoint;

    private void open(EndpointOptions.Builder options) throws IOException {
        open(options, new ManualTicker());
    }

    private void open(EndpointOptions.Builder options, Ticker ticker) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .endpoint(EndpointOptions.ALL, options.build())
                .open();
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        kitchen.close();
    }

    @Test
    void triesAgainWhatMaySucceed() throws IOException {
        open(
                EndpointOptions.builder().retry(QUICKLY).circuitBreaker(CircuitBreakerConfig.afterFailures(1)),
                Ticker.system());
        backend.duringRuns(() -> {
            if (backend.runs() < 3) {
                throw new NotReadyException("the model's process starts again");
            }
        });

        assertThat(predict(CallOptions.defaults())).isEqualTo("tag");
        assertThat(backend.runs()).isEqualTo(3);
        assertThat(endpoint.circuitBreaker().orElseThrow().status().calls()).isEqualTo(1);
    }

    @Test
    void givesUpAfterSoManyAttempts() throws IOException {
        open(EndpointOptions.builder().retry(RetryPolicy.attempts(1)));
        backend.fail(() -> new NotReadyException("not now"));

        assertThatThrownBy(() -> predict(CallOptions.defaults())).isInstanceOf(NotReadyException.class);
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void doesNotTryAgainWhatWillFailAgain() throws IOException {
        open(EndpointOptions.builder().retry(QUICKLY));
        backend.fail(() -> new InferenceException("broken"));

        assertThatThrownBy(() -> predict(CallOptions.defaults())).isInstanceOf(InferenceException.class);
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void doesNotBeginAPauseThatWouldOutlastTheCall() throws IOException {
        open(EndpointOptions.builder()
                .retry(RetryPolicy.builder()
                        .maxAttempts(3)
                        .firstPause(Duration.ofSeconds(10))
                        .longestPause(Duration.ofSeconds(10))
                        .build()));
        backend.fail(() -> new NotReadyException("not now"));

        assertThatThrownBy(() -> predict(CallOptions.timeLimit(Duration.ofSeconds(1))))
                .isInstanceOf(NotReadyException.class);
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void anInterruptEndsThePause() throws Exception {
        open(EndpointOptions.builder()
                .retry(RetryPolicy.builder()
                        .maxAttempts(3)
                        .firstPause(Duration.ofSeconds(10))
                        .longestPause(Duration.ofSeconds(10))
                        .build()));
        CountDownLatch failed = new CountDownLatch(1);
        backend.fail(() -> {
            failed.countDown();
            return new NotReadyException("not now");
        });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                predict(CallOptions.defaults());
            } catch (CancelledException e) {
                failure.set(e);
            }
        });
        caller.start();
        failed.await();

        caller.interrupt();
        caller.join();

        assertThat(failure.get()).isInstanceOf(CancelledException.class);
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void refusesSettingsThatMakeNoSense() throws IOException {
        assertThatThrownBy(() -> RetryPolicy.attempts(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> RetryPolicy.builder()
                        .maxAttempts(2)
                        .firstPause(Duration.ZERO)
                        .longestPause(Duration.ofDays(-2))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "retry policy: firstPause is PT0S, expected more than zero; longestPause is PT-48H, expected"
                                + " firstPause, which is PT0S, or more");
        open(EndpointOptions.builder());
    }

    private String predict(CallOptions options) {
        return endpoint.predict("x", Models.x(1), options).tensor("tag").stringAt(0);
    }
}
