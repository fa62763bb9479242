package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redis is not there, or refuses: what a kitchen does then, and what it says. */
@Timeout(120)
class RedisAwayTest {

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();

    private Kitchen kitchen(RedisCache cache) throws IOException {
        Kitchen kitchen = Kitchen.builder()
                .models(Files.createDirectories(directory.resolve("registry")))
                .backend(new FakeBackend())
                .listener(listener)
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder().cache(CacheConfig.in(cache)).build())
                .open();
        Path file = FakeBackend.writeModel(directory, "m", "tag");
        kitchen.registry().deploy(DeployRequest.of("m", file).version("1").build());
        return kitchen;
    }

    private static Tensor x() {
        return Tensor.of(new float[] {1, 2}, 1, 2);
    }

    @Test
    void whereRedisIsDownTheKitchenOpensAndItsAnswersAreSharedOnceItIsUp() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            redis.kill();
            try (RedisCache cache = RedisCache.connect(redis.uri());
                    Kitchen kitchen = kitchen(cache)) {
                Endpoint endpoint = kitchen.endpoint("m");
                assertThat(endpoint.predict("x", x()).source()).isEqualTo(Source.MODEL);
                assertThat(endpoint.predict("x", x()).source()).isEqualTo(Source.CACHE);
                assertThatThrownBy(endpoint::invalidateCache)
                        .isInstanceOf(NotReadyException.class)
                        .hasMessageStartingWith("redis cache: this process has forgotten the answers");

                redis.restart();

                Keys.await(() -> {
                    endpoint.predict("x", x(), CallOptions.cacheMode(CallOptions.CacheMode.REFRESH));
                    return redis.<Long>asClient(it -> it.sync().dbsize()) > 0;
                });
            }
        }
    }

    @Test
    void closesWhileItTriesToConnect() throws Exception {
        RedisCache cache = RedisCache.connect("redis://127.0.0.1:" + RedisProcess.freePort());

        cache.close();

        Keys.await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(it -> it.getName().startsWith("kitchen-redis-connect")
                        || it.getName().startsWith("lettuce-")));
    }

    @Test
    void nothingThatIsThrownShowsAnyPartOfAPassword() throws Exception {
        try (RedisProcess redis = RedisProcess.start("--requirepass", "s3same-0pen")) {
            String at = "@127.0.0.1:" + redis.port();
            for (String password : new String[] {"kn0ck-kn0ck", "kn0ck%2Fkn0ck", "kn0ck%40kn0ck"}) {
                shows(NotReadyException.class, () -> RedisCache.connect("redis://:" + password + at));
            }
            shows(ConfigurationException.class, () -> RedisCache.connect("redis://:kn0ck@kn0ck" + at));
            shows(ConfigurationException.class, () -> RedisCache.connect("redis://:kn0ck kn0ck" + at));
            shows(NotReadyException.class, () -> RedisCache.connect("redis://127.0.0.1:" + redis.port()));
        }
    }

    private static void shows(Class<? extends Exception> kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(kind).satisfies(it -> {
            StringWriter all = new StringWriter();
            it.printStackTrace(new PrintWriter(all));
            assertThat(all.toString()).doesNotContain("kn0ck").doesNotContain("s3same");
            assertThat(it).hasMessageStartingWith("redis cache: ");
        });
    }

    @Test
    void aLookUpTakesNoLongerThanItsCallHasAndIsToldAsAnError() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                RedisCache cache = RedisCache.builder(redis.uri())
                        .timeout(Duration.ofMinutes(5))
                        .open();
                Kitchen kitchen = kitchen(cache)) {
            Endpoint endpoint = kitchen.endpoint("m");
            redis.pause();
            long before = cache.statistics().errors();

            assertThatThrownBy(() -> endpoint.predict("x", x(), CallOptions.timeLimit(Duration.ofMillis(200))))
                    .isInstanceOf(DeadlineExceededException.class);

            redis.resume();
            assertThat(cache.statistics().errors() - before).isEqualTo(1);
            assertThat(listener.cacheEvents())
                    .filteredOn(it -> it.failure().isPresent())
                    .hasSize(1);
        }
    }
}
