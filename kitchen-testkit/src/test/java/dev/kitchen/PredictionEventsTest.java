package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each call is reported once, at its end, with where its answer came from and how often a version was asked. */
@Timeout(60)
class PredictionEventsTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final RecordingListener listener = new RecordingListener();

    private Kitchen open(EndpointOptions options) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .listener(listener)
                .endpoint("m", options)
                .open();
    }

    private PredictionEvent onlyEvent() {
        assertThat(listener.predictions()).hasSize(1);
        return listener.predictions().get(0);
    }

    @Test
    void anAnswerOfTheModelTookOneAttempt() throws IOException {
        try (Kitchen kitchen = open(EndpointOptions.defaults())) {
            CallOptions options =
                    CallOptions.builder().requestId("r-1").routingKey("user-7").build();
            kitchen.endpoint("m").predict("x", Models.x(1), options);

            PredictionEvent event = onlyEvent();
            assertThat(event.source()).hasValue(Source.MODEL);
            assertThat(event.attempts()).isOne();
            assertThat(event.requestId()).hasValue("r-1");
            assertThat(event.failure()).isEmpty();
            assertThat(event.replaced()).isEmpty();
            assertThat(event.toString()).startsWith("call of m version 1: none after ");
        }
    }

    @Test
    void anAnswerOfTheCacheSaysSo() throws IOException {
        EndpointOptions cached = EndpointOptions.builder()
                .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(10_000)))
                .build();
        try (Kitchen kitchen = open(cached)) {
            kitchen.endpoint("m").predict("x", Models.x(1));
            kitchen.endpoint("m").predict("x", Models.x(1));

            assertThat(listener.predictions())
                    .extracting(PredictionEvent::source)
                    .extracting(source -> source.orElseThrow())
                    .containsExactly(Source.MODEL, Source.CACHE);
        }
    }

    @Test
    void everyRetryIsAnAttempt() throws IOException {
        RetryPolicy policy = RetryPolicy.builder()
                .maxAttempts(3)
                .firstPause(Duration.ofNanos(1))
                .longestPause(Duration.ofNanos(1))
                .build();
        try (Kitchen kitchen = open(EndpointOptions.builder().retry(policy).build())) {
            backend.fail(() -> new NotReadyException("later"));

            assertThatThrownBy(() -> kitchen.endpoint("m").predict("x", Models.x(1)))
                    .isInstanceOf(NotReadyException.class);

            PredictionEvent event = onlyEvent();
            assertThat(event.attempts()).isEqualTo(3);
            assertThat(event.source()).isEmpty();
            assertThat(event.failure()).containsInstanceOf(NotReadyException.class);
        }
    }

    @Test
    void aFallbackIsReportedOnceWithWhatItReplaced() throws IOException {
        EndpointOptions options = EndpointOptions.builder()
                .fallback(Fallback.to(request -> Map.of(
                        "echo", request.inputs().tensor("x"), "tag", Tensor.ofStrings(new String[] {"function"}, 1))))
                .build();
        try (Kitchen kitchen = open(options)) {
            backend.fail(() -> new InferenceException("broken"));

            kitchen.endpoint("m").predict("x", Models.x(1));

            PredictionEvent event = onlyEvent();
            assertThat(event.version()).isEqualTo(Fallback.FUNCTION);
            assertThat(event.source()).hasValue(Source.FALLBACK);
            assertThat(event.failure()).isEmpty();
            assertThat(event.replaced()).containsInstanceOf(InferenceException.class);
        }
    }
}
