package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.InMemoryControlStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits for the registry's lock while somebody else writes, for how long, and what waits for nobody. */
@Timeout(120)
class WaitsForLockTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();
    private Kitchen kitchen;
    private String guard = "";

    /** Whatever changes the document. */
    enum Operation {
        DEPLOY,
        ACTIVATE_VERSION,
        ACTIVATE,
        DEACTIVATE,
        ROLLBACK,
        ALIAS,
        REMOVE_ALIAS,
        RETIRE,
        DELETE,
        POLICY;

        void run(ModelRegistry registry, Path sources) {
            switch (this) {
                case DEPLOY ->
                    registry.deploy(DeployRequest.of("m", source(sources, "new"))
                            .activate()
                            .build());
                case ACTIVATE_VERSION -> registry.activate("m", "2");
                case ACTIVATE -> registry.activate("off");
                case DEACTIVATE -> registry.deactivate("m");
                case ROLLBACK -> registry.rollback("m");
                case ALIAS -> registry.alias("m", "other", "2");
                case REMOVE_ALIAS -> registry.removeAlias("m", "best");
                case RETIRE -> registry.retire("m", "1");
                case DELETE -> registry.delete("m", "1");
                case POLICY -> registry.policy("m", new VersionPolicy.All());
            }
        }
    }

    private static Path source(Path sources, String tag) {
        try {
            return FakeBackend.writeModel(Files.createTempDirectory(sources, "source"), "model", tag);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void fill() throws IOException {
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ZERO)
                .open();
        ModelRegistry registry = kitchen.registry();
        for (String tag : List.of("one", "two", "three")) {
            registry.deploy(
                    DeployRequest.of("m", source(sources, tag)).activate().build());
        }
        registry.alias("m", "best", "2");
        registry.deploy(DeployRequest.of("off", source(sources, "off")).build());
        registry.deactivate("off");
        guard = "dev.kitchen.registry.locked:" + directory.toRealPath();
    }

    @AfterEach
    void close() {
        System.clearProperty(guard);
        kitchen.close();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    /** As another thread or process that writes, and is in no hurry. */
    private void lock() {
        System.setProperty(guard, "a test");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheWaitAndNothingHasChanged(Operation operation) throws Exception {
        String before = Files.readString(directory.resolve("registry.json"));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
        lock();
        Thread waiter = new Thread(() -> {
            try {
                operation.run(kitchen.registry(), sources);
            } catch (Throwable e) {
                thrown.set(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        waiter.start();
        Waits.until(() -> isInLock(waiter));

        waiter.interrupt();
        waiter.join();

        assertThat(interrupted.get()).isTrue();
        if (operation == Operation.ROLLBACK) {
            assertThat(thrown.get()).isNull();
            assertThat(version()).isEqualTo("2");
            assertThat(kitchen.health().problems()).singleElement().asString().contains("in this process only");
        } else {
            assertThat(thrown.get())
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            it -> assertThat(it.reason()).isEqualTo(Reason.LOCKED));
            assertThat(version()).isEqualTo("3");
        }
        assertThat(Files.readString(directory.resolve("registry.json"))).isEqualTo(before);
        System.clearProperty(guard);
        kitchen.refresh();
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        try (Stream<Path> staged = Files.list(directory.resolve(".staging"))) {
            assertThat(staged).isEmpty();
        }
        operation.run(kitchen.registry(), sources);
    }

    /** The document is written, then the thread is interrupted, and somebody else takes the lock. */
    @Test
    void anInterruptBeforeFilesAreDeletedLeavesNoneOfThem() throws Exception {
        InMemoryControlStore store = new InMemoryControlStore();
        AtomicBoolean interrupting = new AtomicBoolean();
        ControlStore interrupts = HostilePluginsTest.proxy(ControlStore.class, (proxy, method, arguments) -> {
            Object result = HostilePluginsTest.invoke(store, method, arguments);
            if (method.getName().equals("update") && interrupting.getAndSet(false)) {
                lock();
                Thread.currentThread().interrupt();
            }
            return result;
        });
        Path other = Files.createDirectories(sources.resolve("registry"));
        guard = "dev.kitchen.registry.locked:" + other.toRealPath();
        try (Kitchen deleting = Kitchen.builder()
                .models(other)
                .backend(backend)
                .controlStore(interrupts)
                .watch(Duration.ZERO)
                .open()) {
            for (String tag : List.of("one", "two")) {
                deleting.registry()
                        .deploy(DeployRequest.of("m", source(sources, tag)).build());
            }
            interrupting.set(true);
            Thread caller = Thread.currentThread();
            Thread holder = new Thread(() -> {
                Waits.until(() -> isInLock(caller) && !caller.isInterrupted());
                System.clearProperty(guard);
            });
            holder.setDaemon(true);
            holder.start();

            deleting.registry().delete("m", "2");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(deleting.registry().verify("m")).isEmpty();
            assertThat(other.resolve("models/m/2")).doesNotExist();
        }
    }

    private static boolean isInLock(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(it -> it.getClassName().endsWith("RegistryLock")
                        && it.getMethodName().equals("acquire"));
    }

    private String version() {
        return kitchen.endpoint("m").predict("x", Models.x(1)).version();
    }

    @Test
    void anOperationGivesUpAfterTenSeconds() {
        lock();
        long start = System.nanoTime();

        assertThatThrownBy(() -> kitchen.registry().activate("m", "2"))
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.LOCKED))
                .hasMessageContaining("locked for longer than PT10S");

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isBetween(9L, 60L);
    }

    @Test
    void whoOnlyLooksWaitsForNobody() {
        lock();
        ModelRegistry registry = kitchen.registry();

        assertThat(registry.list()).hasSize(2);
        assertThat(registry.describe("m").currentVersion()).contains("3");
        assertThat(registry.history("m")).isNotEmpty();
        assertThat(registry.verify("m")).isEmpty();
        assertThat(kitchen.endpointNames()).containsExactly("m");
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        assertThat(kitchen.endpoint("m").statistics()).isNotEmpty();
        kitchen.refresh();
        assertThat(version()).isEqualTo("3");
    }
}
