package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.store.FileControlStore;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What did not load is tried again, when its files change and after growing pauses, and health says so. */
@Timeout(120)
class FailedLoadsTest {

    private static final String DOCUMENT = """
            {"m": {"current_version": "1", "versions": {"1": {"path": "models/m/1"}}}}
            """;

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final HeldLoads loads = new HeldLoads(backend);
    private final ManualTicker ticker = new ManualTicker();
    private final Semaphore swaps = new Semaphore(0);
    private final Semaphore failures = new Semaphore(0);
    private final Semaphore polls = new Semaphore(0);

    @AfterEach
    void leaksNoSession() {
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void aVersionDirectoryThatWasHalfCopiedServesOnceItIsWhole() throws Exception {
        FakeBackend.writeModel(Files.createDirectories(directory.resolve("m/1")), "model", "old");
        try (Kitchen kitchen = watching().open()) {
            await(swaps);
            Files.writeString(Files.createDirectories(directory.resolve("m/2")).resolve("model.fake"), "fake mod");
            await(failures);
            assertThat(tag(kitchen)).isEqualTo("old");

            FakeBackend.writeModel(directory.resolve("m/2"), "model", "new");
            await(swaps);

            assertThat(tag(kitchen)).isEqualTo("new");
            assertThat(kitchen.health().problems()).isEmpty();
        }
    }

    @Test
    void aDocumentWhoseFilesArriveLaterServesOnceTheyAreThere() throws Exception {
        Files.writeString(directory.resolve("registry.json"), DOCUMENT);
        try (Kitchen kitchen = watching().open()) {
            assertThatThrownBy(() -> tag(kitchen)).isInstanceOf(NotReadyException.class);
            assertThat(kitchen.health().problems())
                    .singleElement()
                    .asString()
                    .contains("model 'm'", "version '1'", "failed 1 time", "when its files change");

            writeVersion();
            await(swaps);

            assertThat(tag(kitchen)).isEqualTo("late");
            assertThat(kitchen.health().problems()).isEmpty();
        }
    }

    @Test
    void pausesGrowWhileNothingChanges() throws Exception {
        Files.writeString(directory.resolve("registry.json"), DOCUMENT);
        Files.writeString(
                Files.createDirectories(directory.resolve("models/m/1")).resolve("m.fake"), "broken");
        try (Kitchen kitchen = watching().controlStore(countingPolls()).open()) {
            for (int pause = 1, tries = 1; pause <= 16; pause *= 2, tries++) {
                assertThat(loads.begun()).isEqualTo(tries);
                assertThat(kitchen.health().problems())
                        .singleElement()
                        .asString()
                        .contains("failed " + tries + " time", "again in " + pause + " s");
                ticker.advance(Duration.ofSeconds(pause).minusNanos(1));
                awaitPolls();
                assertThat(loads.begun()).isEqualTo(tries);
                ticker.advance(Duration.ofNanos(1));
                awaitPolls();
            }
            ticker.advance(Duration.ofDays(1));
            awaitPolls();
            assertThat(loads.begun()).isEqualTo(7);
        }
    }

    @Test
    void refreshTriesAgainAtOnce() throws IOException {
        Files.writeString(directory.resolve("m.fake"), "broken");
        FakeBackend.writeModel(directory, "other", "good");
        try (Kitchen kitchen = loading().watch(Duration.ZERO).open()) {
            int before = loads.begun();
            assertThat(kitchen.health().problems()).singleElement().asString().contains("kitchen.refresh()");

            kitchen.refresh();

            assertThat(loads.begun()).isEqualTo(before + 1);
        }
    }

    @Test
    void aModelThatIsLoadedLazilyIsTriedAgainByACallAfterThePause() throws IOException {
        Files.writeString(directory.resolve("registry.json"), DOCUMENT);
        try (Kitchen kitchen = loading().watch(Duration.ZERO).lazyLoading(true).open()) {
            assertThatThrownBy(() -> tag(kitchen)).isInstanceOf(NotReadyException.class);
            writeVersion();
            assertThatThrownBy(() -> tag(kitchen)).isInstanceOf(NotReadyException.class);

            ticker.advance(Duration.ofSeconds(1));

            assertThat(tag(kitchen)).isEqualTo("late");
        }
    }

    @Test
    void filesThatAreGoneUnderAServingVersionAreReported() throws IOException {
        Files.writeString(directory.resolve("registry.json"), DOCUMENT);
        writeVersion();
        try (Kitchen kitchen = loading().watch(Duration.ZERO).open()) {
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
            Files.delete(directory.resolve("models/m/1/m.fake"));

            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("late");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(kitchen.health().problems()).singleElement().asString().contains("'1'", "m.fake", "gone");
            writeVersion();
            kitchen.refresh();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    private void writeVersion() throws IOException {
        FakeBackend.writeModel(Files.createDirectories(directory.resolve("models/m/1")), "m", "late");
    }

    private Kitchen.Builder loading() {
        return Kitchen.builder().models(directory).backend(loads).ticker(ticker).listener(new KitchenListener() {
            @Override
            public void onLoad(LoadEvent event) {
                event.failure().ifPresent(it -> failures.release());
            }

            @Override
            public void onSwap(SwapEvent event) {
                swaps.release();
            }
        });
    }

    private Kitchen.Builder watching() {
        return loading().watch(Duration.ofMillis(5));
    }

    /** Waits until the watcher has looked twice more: the first look may have begun before. */
    private void awaitPolls() throws InterruptedException {
        polls.drainPermits();
        assertThat(polls.tryAcquire(3, 60, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(Semaphore event) throws InterruptedException {
        assertThat(event.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }

    private ControlStore countingPolls() {
        ControlStore files = FileControlStore.in(directory);
        return new ControlStore() {
            @Override
            public ControlDocument read() {
                return files.read();
            }

            @Override
            public Object stamp() {
                polls.release();
                return files.stamp();
            }

            @Override
            public ControlDocument update(UnaryOperator<ControlDocument> change) {
                return files.update(change);
            }

            @Override
            public String place() {
                return files.place();
            }

            @Override
            public void close() {
                files.close();
            }
        };
    }

    private static String tag(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }
}
