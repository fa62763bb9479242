package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one test above all: whatever callers do at once, every answer is its caller's own, from the model it names. A
 * model's answers encode their input and the model; callers lend buffers and scribble over them, set time limits, cancel
 * and are closed upon, all by a seed that a failure names.
 */
@Timeout(600)
class FrontDoorFuzzTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(FrontDoorFuzzTest.class);
    private static final int CALLS_EACH = 150;

    @TempDir
    Path directory;

    private final AtomicLong answers = new AtomicLong();

    @Test
    void everyAnswerIsItsCallersOwn() throws Exception {
        rounds(60);
    }

    @Test
    @Tag("proof")
    void everyAnswerIsItsCallersOwnForAnHourOfCalls() throws Exception {
        rounds(3_000);
    }

    private void rounds(int count) throws Exception {
        long seed =
                Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
        for (int i = 0; i < count; i++) {
            try {
                round(seed + i);
            } catch (AssertionError e) {
                throw new AssertionError("round " + i + " failed; repeat with -Dkitchen.fuzz.seed=" + (seed + i), e);
            }
        }
        LOGGER.warn("front-door fuzz: {} rounds, {} answers checked", count, answers);
        assertThat(answers).hasPositiveValue();
    }

    private void round(long seed) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        FakeBackend backend = new FakeBackend();
        backend.duringRuns(FrontDoorFuzzTest::lingerABit);
        Kitchen kitchen = randomKitchen(backend, random);
        Map<String, Endpoint> endpointsByTag = new HashMap<>();
        kitchen.endpointNames().forEach(it -> {
            Endpoint endpoint = kitchen.endpoint(it);
            endpointsByTag.put(endpoint.metadata().custom().get("tag"), endpoint);
        });
        AtomicBoolean closing = new AtomicBoolean();
        boolean closeEarly = random.nextBoolean();
        Callers callers = Callers.start(2 + random.nextInt(7), (number, started) -> {
            FuzzCaller caller = new FuzzCaller(number, seed, endpointsByTag, closing::get);
            for (int i = 0; i < CALLS_EACH; i++) {
                caller.call();
                started.run();
            }
            answers.addAndGet(caller.answers());
        });
        callers.awaitStarted();
        if (!closeEarly) {
            callers.join();
        }
        closing.set(true);
        kitchen.close();
        callers.join();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.running()).isZero();
    }

    private Kitchen randomKitchen(FakeBackend backend, SplittableRandom random) throws IOException {
        int models = 1 + random.nextInt(3);
        for (int i = 0; i < 3; i++) {
            Path file = directory.resolve("m" + i + FakeBackend.SUFFIX);
            java.nio.file.Files.deleteIfExists(file);
            if (i < models) {
                FakeBackend.writeModel(directory, "m" + i, "tag " + i + " " + random.nextLong());
            }
        }
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .asyncThreads(1 + random.nextInt(4))
                .drainLimit(Duration.ofMillis(random.nextInt(3) * 5L))
                .open();
    }

    /** Long enough, now and then, that calls overlap. */
    private static void lingerABit() {
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(50_000));
        }
    }
}
