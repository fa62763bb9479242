package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Shape;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opening, closing and the registry's operations wait for what the guide says ("What waits for what"), and no longer. */
@Timeout(60)
class WaitsEndTest {

    /** As good as for ever: a test that waits for it fails by its time-out. */
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private final FakeBackend fake = new FakeBackend();
    private final HeldLoads loads = new HeldLoads(fake);
    private final Set<Thread> before = kitchenThreads();
    private Path models;
    private Kitchen kitchen;

    @BeforeEach
    void directories() throws IOException {
        models = Files.createDirectories(directory.resolve("models"));
    }

    private Kitchen.Builder settings(Duration drainLimit) {
        return Kitchen.builder()
                .models(models)
                .backend(loads)
                .shutdownHook(false)
                .watch(Duration.ZERO)
                .drainLimit(drainLimit);
    }

    private static Set<Thread> kitchenThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().startsWith("kitchen-"))
                .collect(Collectors.toSet());
    }

    private Path source(String tag) throws IOException {
        return FakeBackend.writeModel(Files.createTempDirectory(directory, "next"), "m", tag);
    }

    /** Runs something on another thread, which can be interrupted. */
    private static final class Waiter<T> {

        private final FutureTask<T> task;
        private final Thread thread;

        Waiter(Callable<T> work) {
            task = new FutureTask<>(work);
            thread = new Thread(task, "waiter");
            thread.start();
        }

        /** Interrupts it; returns what it threw. */
        Throwable interrupted() throws InterruptedException {
            thread.interrupt();
            return thrown();
        }

        Throwable thrown() throws InterruptedException {
            try {
                throw new AssertionError("expected a failure, got " + task.get());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }

    @AfterEach
    void nothingIsLeft() {
        loads.release();
        fake.release();
        if (kitchen != null) {
            kitchen.close();
        }
        Waits.until(() -> fake.openSessions() == 0 && before.containsAll(kitchenThreads()));
        assertThat(fake.violations()).isZero();
    }

    @Test
    void anInterruptEndsOpeningAndLeavesNothing() throws Exception {
        FakeBackend.writeModel(models, "m", "held");
        loads.hold("held");
        Waiter<Kitchen> opening = new Waiter<>(() -> settings(Duration.ZERO).open());
        loads.awaitHeld();

        opening.thread.interrupt();
        loads.release();

        assertThat(opening.thrown()).isInstanceOf(CancelledException.class);
    }

    @Test
    void anInterruptEndsADeployWhichRegistersNothing() throws Exception {
        kitchen = settings(LONG).open();
        loads.hold("held");
        DeployRequest request = DeployRequest.of("m", source("held")).build();
        Waiter<Object> deploying = new Waiter<>(() -> kitchen.registry().deploy(request));
        loads.awaitHeld();

        assertThat(deploying.interrupted()).isInstanceOf(CancelledException.class);
        loads.release();

        Waits.until(() -> fake.openSessions() == 0);
        assertThat(kitchen.registry().list()).isEmpty();
        kitchen.registry().deploy(request);
    }

    @Test
    void anInterruptEndsAnActivationAndTheVersionLeavesMemory() throws Exception {
        kitchen = settings(LONG).open();
        for (String tag : new String[] {"one", "two", "three", "four"}) {
            kitchen.registry()
                    .deploy(DeployRequest.of("m", source(tag)).activate().build());
        }
        Waits.until(() -> fake.openSessions() <= 2);
        loads.hold("one");
        Waiter<Object> activating = new Waiter<>(() -> kitchen.registry().activate("m", "1"));
        loads.awaitHeld();

        assertThat(activating.interrupted()).isInstanceOf(CancelledException.class);
        int opened = fake.loads();
        loads.release();

        Waits.until(() -> fake.loads() > opened && fake.openSessions() <= 2);
        assertThat(tag()).isEqualTo("four");
        kitchen.registry().activate("m", "1");
        assertThat(tag()).isEqualTo("one");
    }

    private String tag() {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }

    @Test
    void anInterruptEndsARefreshAndIsNoFailureOfTheModel() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        kitchen = settings(LONG).open();
        FakeBackend.writeModel(models, "m", "another");
        loads.hold("another");
        Waiter<Object> refreshing = new Waiter<>(() -> {
            kitchen.refresh();
            return "refreshed";
        });
        loads.awaitHeld();

        assertThat(refreshing.interrupted()).isInstanceOf(CancelledException.class);
        loads.release();

        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        kitchen.refresh();
        assertThat(tag()).isEqualTo("another");
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
    }

    @Test
    void closingWaitsFiveSecondsForALoadThatHangsAndEndsWhoeverWaitsForIt() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        kitchen = settings(Duration.ZERO).open();
        FakeBackend.writeModel(models, "m", "another");
        loads.hold("another");
        Waiter<Object> refreshing = new Waiter<>(() -> {
            kitchen.refresh();
            return "refreshed";
        });
        loads.awaitHeld();

        long start = System.nanoTime();
        kitchen.close();

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isBetween(4L, 15L);
        assertThat(refreshing.thrown()).isInstanceOf(NotReadyException.class);
        assertThat(fake.openSessions()).isZero();
    }

    @Test
    void aDeployThatOutlastsTheKitchenKeepsNoSession() throws Exception {
        kitchen = settings(Duration.ZERO).open();
        loads.hold("held");
        DeployRequest request = DeployRequest.of("m", source("held")).build();
        Waiter<Object> deploying = new Waiter<>(() -> kitchen.registry().deploy(request));
        loads.awaitHeld();

        kitchen.close();

        assertThat(deploying.thrown()).isInstanceOf(NotReadyException.class);
    }

    @Test
    void aStageOfAnAsynchronousCallMayClose() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        kitchen = settings(LONG).asyncThreads(1).open();
        fake.block();
        CompletableFuture<Prediction> call = kitchen.endpoint("m").predictAsync(Map.of("x", Models.x(1)));
        CompletableFuture<Void> closed = call.thenRun(kitchen::close);
        fake.awaitRunning(1);
        CompletableFuture<Prediction> queued = kitchen.endpoint("m").predictAsync(Map.of("x", Models.x(1)));

        fake.release();

        closed.get();
        assertThat(fake.openSessions()).isZero();
        assertThatThrownBy(queued::get).hasCauseInstanceOf(NotReadyException.class);
    }

    @Test
    void aListenerMayCloseOnTheThreadThatFreesModels() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        CountDownLatch closes = new CountDownLatch(1);
        kitchen = settings(LONG)
                .listener(new KitchenListener() {
                    @Override
                    public void onClose(CloseEvent event) {
                        kitchen.close();
                        closes.countDown();
                    }
                })
                .open();
        FakeBackend.writeModel(models, "m", "another");

        kitchen.refresh();

        closes.await();
        Waits.until(() -> fake.openSessions() == 0);
    }

    @Test
    void aListenerMayCloseInTheMiddleOfACall() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        kitchen = settings(LONG)
                .listener(new KitchenListener() {
                    @Override
                    public void onPrediction(PredictionEvent event) {
                        kitchen.close();
                    }
                })
                .open();

        assertThat(tag()).isEqualTo("one");

        Waits.until(() -> fake.openSessions() == 0);
    }

    @Test
    void anInterruptEndsADeployWhoseProofRuns() throws Exception {
        kitchen = settings(LONG).open();
        fake.block();
        DeployRequest request = DeployRequest.of("m", source("proved")).build();
        Waiter<Object> deploying = new Waiter<>(() -> kitchen.registry().deploy(request));
        fake.awaitRunning(1);

        assertThat(deploying.interrupted()).isInstanceOf(CancelledException.class);
        fake.release();

        Waits.until(() -> fake.openSessions() == 0);
        assertThat(kitchen.registry().list()).isEmpty();
    }

    @Test
    void aCallWaitsForAModelThatIsLoadedLazilyUntilItsTimeIsOverOrItIsInterrupted() throws Exception {
        FakeBackend.writeModel(models, "m", "held");
        kitchen = settings(LONG).lazyLoading(true).open();
        loads.hold("held");
        Endpoint endpoint = kitchen.endpoint("m");
        Waiter<Object> asking = new Waiter<>(() -> endpoint.predict("x", Models.x(1)));
        loads.awaitHeld();

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceededException.class);
        assertThat(asking.interrupted()).isInstanceOf(CancelledException.class);
        loads.release();

        assertThat(tag()).isEqualTo("held");
    }

    @Test
    void whoWantsOneOfSeveralBoundCallsWaitsAsLongAsACallMayOrUntilAnInterrupt() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        for (Duration limit : List.of(Duration.ofMillis(20), LONG)) {
            kitchen = settings(LONG).timeLimit(limit).open();
            try (BoundCalls bound = kitchen.endpoint("m").bindings(1, Map.of("x", Shape.of(1, 1)))) {
                Waiter<Object> second = new Waiter<>(() -> bound.use(inUse -> {
                    Waiter<Object> waiter = new Waiter<>(() -> bound.use(it -> "used"));
                    if (limit.equals(LONG)) {
                        waiter.thread.interrupt();
                    }
                    throw Thrown.sneaky(Waits.get(waiter::thrown));
                }));
                assertThat(second.thrown())
                        .isInstanceOf(limit.equals(LONG) ? CancelledException.class : DeadlineExceededException.class);
            }
            kitchen.close();
        }
    }

    @Test
    void closingWaitsFiveSecondsForAListenerOrAStoreThatHangs() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        CountDownLatch never = new CountDownLatch(1);
        kitchen = settings(Duration.ZERO)
                .controlStore(new HangingStore(never))
                .listener(new KitchenListener() {
                    @Override
                    public void onClose(CloseEvent event) {
                        HangingStore.hang(never);
                    }
                })
                .open();
        kitchen.registry()
                .deploy(DeployRequest.of("m", source("one")).activate().build());
        fake.block();
        fake.ignoreStops(true);
        CompletableFuture<Prediction> call = kitchen.endpoint("m").predictAsync(Map.of("x", Models.x(1)));
        fake.awaitRunning(1);

        long start = System.nanoTime();
        kitchen.close();

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isBetween(9L, 30L);
        never.countDown();
        fake.release();
        assertThat(call.join().version()).isEqualTo("1");
    }

    @Test
    void whoAlsoClosesWaitsUntilItIsDone() throws Exception {
        FakeBackend.writeModel(models, "m", "one");
        kitchen = settings(LONG).open();
        fake.block();
        CompletableFuture<Prediction> call = kitchen.endpoint("m").predictAsync(Map.of("x", Models.x(1)));
        fake.awaitRunning(1);
        Thread first = new Thread(kitchen::close, "closer");
        Thread second = new Thread(kitchen::close, "closer");
        first.start();
        second.start();
        Waits.until(() -> first.getState() != Thread.State.RUNNABLE && second.getState() != Thread.State.RUNNABLE);
        second.interrupt();
        first.interrupt();

        fake.release();

        first.join();
        second.join();
        assertThat(call.join().version()).isEqualTo("1");
        assertThat(fake.openSessions()).isZero();
    }
}
