package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.InferenceException;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that several kitchens share: whose they may be, and what of them is believed. */
class SharedAnswersTest {

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();

    /** A runtime of some version with some options. */
    private record OtherBackend(FakeBackend models, String variant) implements Backend {

        @Override
        public String name() {
            return models.name();
        }

        @Override
        public boolean accepts(Path modelFile) {
            return models.accepts(modelFile);
        }

        @Override
        public InferenceSession load(Path modelFile) {
            return models.load(modelFile);
        }

        @Override
        public List<Finding> preflight() {
            return models.preflight();
        }
    }

    private Kitchen open(String registry, Backend backend, PredictionCache cache) throws IOException {
        Kitchen kitchen = Kitchen.builder()
                .models(Files.createDirectories(directory.resolve(registry)))
                .backend(backend)
                .listener(listener)
                .shutdownHook(false)
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder().cache(CacheConfig.in(cache)).build())
                .open();
        Path file = FakeBackend.writeModel(Files.createDirectories(directory.resolve("source")), "m", "tag");
        kitchen.registry().deploy(DeployRequest.of("m", file).version("1").build());
        return kitchen;
    }

    private static Source ask(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).source();
    }

    @Test
    void kitchensShareAnswersOfEqualFilesUnderEqualRuntimesAndOptionsOnly() throws IOException {
        PredictionCache cache = InMemoryCache.ofMaxBytes(1 << 20);
        FakeBackend models = new FakeBackend();
        try (Kitchen one = open("one", new OtherBackend(models, "1.28, no operators"), cache);
                Kitchen same = open("two", new OtherBackend(models, "1.28, no operators"), cache);
                Kitchen other = open("three", new OtherBackend(models, "1.29, no operators"), cache)) {
            assertThat(ask(one)).isEqualTo(Source.MODEL);

            assertThat(ask(same)).isEqualTo(Source.CACHE);
            assertThat(ask(other)).isEqualTo(Source.MODEL);
        }
    }

    /** A store that others write to. */
    private static final class Store implements PredictionCache {

        private final Map<CacheKey, NamedValues> answers = new ConcurrentHashMap<>();
        private final AtomicLong nanosLeft = new AtomicLong();
        private UnaryOperator<NamedValues> others = UnaryOperator.identity();
        private Optional<RuntimeException> trouble = Optional.empty();

        @Override
        public Optional<NamedValues> get(CacheKey key) {
            return Optional.ofNullable(answers.get(key)).map(others);
        }

        @Override
        public Optional<NamedValues> get(CacheKey key, CacheLookup lookup) {
            nanosLeft.set(lookup.nanosLeft());
            trouble.ifPresent(lookup::failed);
            return get(key);
        }

        @Override
        public long epoch(CacheKey key) {
            return 1;
        }

        @Override
        public void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epoch) {
            answers.put(key, outputs);
        }

        @Override
        public void invalidate(String endpointPattern, String versionPattern) {
            answers.clear();
        }

        @Override
        public CacheStatistics statistics() {
            return new CacheStatistics(0, 0, 0, answers.size(), 0, 0);
        }
    }

    @Test
    void anAnswerThatTheModelCannotHaveGivenIsAnErrorOfTheCache() throws IOException {
        Store store = new Store();
        try (Kitchen kitchen = open("one", new FakeBackend(), store)) {
            assertThat(ask(kitchen)).isEqualTo(Source.MODEL);
            assertThat(ask(kitchen)).isEqualTo(Source.CACHE);
            Tensor number = Tensor.of(new float[] {1}, 1, 1);
            List<UnaryOperator<NamedValues>> forgeries = List.of(
                    it -> NamedValues.of("sum", number),
                    it -> NamedValues.of(Map.of("forged", number)),
                    it -> replaced(it, "tag", number),
                    it -> replaced(it, "sum", Tensor.of(new float[0], 0, 0, 0)));

            for (UnaryOperator<NamedValues> forgery : forgeries) {
                store.others = forgery;
                assertThat(ask(kitchen)).isEqualTo(Source.MODEL);
            }

            assertThat(listener.cacheEvents())
                    .filteredOn(it -> it.failure().isPresent())
                    .hasSize(forgeries.size())
                    .allSatisfy(it -> assertThat(it.failure().orElseThrow())
                            .isInstanceOf(InferenceException.class)
                            .hasMessageContaining("does not fit the signature"));
        }
    }

    private static NamedValues replaced(NamedValues answer, String name, Tensor value) {
        var values = new java.util.LinkedHashMap<>(answer.toMap());
        values.put(name, value);
        return NamedValues.of(values);
    }

    @Test
    void onlyTheOutputsAskedForFit() throws IOException {
        Store store = new Store();
        try (Kitchen kitchen = open("one", new FakeBackend(), store)) {
            Endpoint endpoint = kitchen.endpoint("m");
            CallOptions sum = CallOptions.requestedOutputs("sum");
            endpoint.predict("x", Models.x(1), sum);

            assertThat(endpoint.predict("x", Models.x(1), sum).source()).isEqualTo(Source.CACHE);
        }
    }

    @Test
    void aLookUpKnowsTheTimeOfItsCallAndItsFailureIsTold() throws IOException {
        Store store = new Store();
        try (Kitchen kitchen = open("one", new FakeBackend(), store)) {
            store.trouble = Optional.of(new IllegalStateException("away"));
            Endpoint endpoint = kitchen.endpoint("m");

            endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMinutes(5)));

            assertThat(Duration.ofNanos(store.nanosLeft.get())).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(5));
            assertThat(listener.cacheEvents()).singleElement().satisfies(it -> {
                assertThat(it.failure()).containsInstanceOf(IllegalStateException.class);
                assertThat(it.hit()).isFalse();
            });
            assertThat(listener.cacheEvents()).extracting(CacheEvent::model).containsExactly("m");
        }
    }
}
