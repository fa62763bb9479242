package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.CacheKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two JVMs share one Redis. */
@Timeout(120)
class TwoProcessesTest {

    private final CacheKey key = RedisCacheTest.question();
    private RedisProcess redis;
    private RedisCache cache;
    private Process other;
    private PrintStream toOther;
    private BufferedReader fromOther;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start();
        cache = RedisCache.builder(redis.uri()).timeout(Duration.ofSeconds(5)).open();
        other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AsksRedis.class.getName(),
                        redis.uri())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        toOther = new PrintStream(other.getOutputStream(), true, StandardCharsets.UTF_8);
        fromOther = new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
        assertThat(fromOther.readLine()).isEqualTo("ready");
    }

    @AfterEach
    void stop() throws InterruptedException {
        other.destroyForcibly().waitFor();
        cache.close();
        redis.close();
    }

    private boolean otherHasIt(String command) throws IOException {
        toOther.println(command);
        return Boolean.parseBoolean(fromOther.readLine());
    }

    private void awaitHere(boolean present) {
        while (cache.get(key).isPresent() != present) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void eachSeesTheOthersAnswersAndInvalidations() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(otherHasIt("get")).isFalse();
            assertThat(otherHasIt("put")).isTrue();
            awaitHere(true);
            assertThat(cache.get(key)).contains(RedisCacheTest.reply());

            assertThat(otherHasIt("invalidate")).isFalse();
            awaitHere(false);

            cache.put(key, RedisCacheTest.reply(), Duration.ofHours(1), cache.epoch(key));
            while (!otherHasIt("get")) {
                LockSupport.parkNanos(100_000);
            }
            cache.invalidate("m", "1");
            while (otherHasIt("get")) {
                LockSupport.parkNanos(100_000);
            }
        }
    }
}
