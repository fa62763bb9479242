package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis is killed, paused, filled and started again under load: every request is answered, and by the right answer. */
@Timeout(180)
class RedisTroubleTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisTroubleTest.class);
    private static final int CALLERS = 4;

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong cached = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private RedisProcess redis;
    private RedisCache cache;
    private Kitchen kitchen;
    private Callers callers;

    @BeforeEach
    void open() throws Exception {
        redis = RedisProcess.start("--maxmemory", "8mb", "--maxmemory-policy", "noeviction");
        cache = RedisCache.builder(redis.uri()).nearBytes(100_000).open();
        kitchen = Kitchen.builder()
                .models(Files.createDirectories(directory.resolve("registry")))
                .backend(backend)
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder().cache(CacheConfig.in(cache)).build())
                .open();
        Path file = FakeBackend.writeModel(directory, "m", "tag");
        kitchen.registry().deploy(DeployRequest.of("m", file).version("1").build());
        Endpoint endpoint = kitchen.endpoint("m");
        callers = Callers.start(CALLERS, (number, started) -> {
            SplittableRandom random = new SplittableRandom(number);
            while (!over.get()) {
                ask(endpoint, random.nextInt(300));
                started.run();
            }
        });
        callers.awaitStarted();
    }

    private void ask(Endpoint endpoint, int question) {
        float[] row = new float[200];
        row[0] = question;
        long start = System.nanoTime();
        Prediction prediction = endpoint.predict("x", Tensor.of(row, 1, row.length));
        longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        assertThat(prediction.tensor("sum").toDoubleArray()).containsExactly(question);
        assertThat(prediction.tensor("tag").stringAt(0))
                .isEqualTo(prediction.version().equals("1") ? "tag" : "tag 2");
        answers.incrementAndGet();
        cached.addAndGet(prediction.source() == Source.CACHE ? 1 : 0);
    }

    @AfterEach
    void close() throws InterruptedException {
        over.set(true);
        callers.join();
        kitchen.close();
        cache.close();
        redis.close();
        assertThat(backend.violations()).isZero();
    }

    private void awaitAnswers(int more) {
        awaitMore(answers, more);
    }

    private static void awaitMore(AtomicLong counter, int more) {
        long enough = counter.get() + more;
        Keys.await(() -> counter.get() >= enough);
    }

    /** Calls that waited for Redis in vain: those under way, and a try now and then. */
    private void assertFewErrors(long before) {
        assertThat(cache.statistics().errors() - before).isLessThan(1_000);
    }

    @Test
    void killedAndStartedAgain() throws Exception {
        awaitMore(cached, 300);
        for (int i = 0; i < 3; i++) {
            redis.kill();
            awaitAnswers(2_000);
            redis.restart();
            awaitMore(cached, 1_000);
        }
    }

    @Test
    void pausedItCostsAFewWaitsAndNoAnswer() throws Exception {
        awaitMore(cached, 300);
        for (int i = 0; i < 2; i++) {
            long before = cache.statistics().errors();
            redis.pause();
            awaitAnswers(5_000);
            assertFewErrors(before);
            redis.resume();
            awaitMore(cached, 300);
        }
    }

    @Test
    void filledUpItStillReads() {
        awaitMore(cached, 300);
        fill();
        awaitAnswers(3_000);
        awaitMore(cached, 100);
    }

    private void fill() {
        redis.asClient(it -> {
            byte[] filler = new byte[100_000];
            for (int i = 0; i < 200; i++) {
                try {
                    it.sync().set(new byte[] {'f', (byte) i}, filler);
                } catch (io.lettuce.core.RedisCommandExecutionException e) {
                    break; // it is full
                }
            }
            return null;
        });
    }

    @Test
    void flappingItAnswersAll() throws Exception {
        for (int i = 0; i < 10; i++) {
            redis.pause();
            awaitAnswers(50);
            redis.resume();
            awaitAnswers(50);
        }
        awaitMore(cached, 100);
    }

    @Test
    void whateverHappensToItAllAreAnswered() throws Exception {
        troubleFor(Duration.ofSeconds(3));
    }

    @Test
    @Tag("proof")
    void whateverHappensToItForAMinuteAllAreAnswered() throws Exception {
        troubleFor(Duration.ofMinutes(1));
    }

    /** One trouble after the other, with versions that take turns meanwhile. */
    private void troubleFor(Duration time) throws Exception {
        kitchen.registry()
                .deploy(DeployRequest.of("m", FakeBackend.writeModel(directory, "m", "tag 2"))
                        .version("2")
                        .build());
        long seed = ThreadLocalRandom.current().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        long end = System.nanoTime() + time.toNanos();
        int troubles = 0;
        while (System.nanoTime() < end) {
            kitchen.registry().activate("m", Integer.toString(1 + random.nextInt(2)));
            trouble(random);
            troubles++;
            awaitMore(cached, 50);
        }
        over.set(true);
        callers.join();
        LOGGER.warn(
                "redis in trouble: {} times, {} answers, {} of them cached, {} errors of the cache, the longest call {} ms,"
                        + " seed {}",
                troubles,
                answers,
                cached,
                cache.statistics().errors(),
                longestNanos.get() / 1_000_000,
                seed);
        assertAllThreadsEnd();
    }

    private void trouble(SplittableRandom random) throws Exception {
        int calls = random.nextInt(500);
        switch (random.nextInt(5)) {
            case 0 -> {
                redis.kill();
                awaitAnswers(calls);
                redis.restart();
            }
            case 1 -> {
                redis.pause();
                awaitAnswers(calls);
                redis.resume();
            }
            case 2 -> {
                redis.asClient(it -> it.sync().flushall());
                awaitAnswers(calls);
            }
            case 3 -> {
                fill();
                awaitAnswers(calls);
                redis.asClient(it -> it.sync().flushall());
            }
            default -> {
                try {
                    kitchen.endpoint("m").invalidateCache();
                } catch (NotReadyException e) {
                    assertThat(e).hasMessageStartingWith("redis cache: this process has forgotten the answers");
                }
                awaitAnswers(calls);
            }
        }
    }

    /** Closes all, and requires that nothing goes on. */
    private void assertAllThreadsEnd() {
        kitchen.close();
        cache.close();
        awaitNoThread("kitchen-");
        awaitNoThread("lettuce-");
    }

    private static void awaitNoThread(String name) {
        Keys.await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(it -> it.getName().startsWith(name)));
    }

    @Test
    void answersFromBeforeADisconnectAreNotGivenAfterIt() throws Exception {
        awaitMore(cached, 300);
        over.set(true);
        callers.join();
        redis.kill();
        redis.restart();
        Endpoint endpoint = kitchen.endpoint("m");
        while (cache.statistics().entries() > 0) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }

        Prediction first = endpoint.predict("x", Tensor.of(new float[] {12_345}, 1, 1));
        assertThat(first.source()).isEqualTo(Source.MODEL);
    }
}
