package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.HostileBackend.Point;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.InMemoryControlStore;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Plug-ins may throw anything wherever Kitchen calls them: calls end typed, nothing is kept, and closing has its limit. */
@Timeout(60)
class HostilePluginsTest {

    @TempDir
    Path directory;

    private final FakeBackend fake = new FakeBackend();
    private final HostileBackend backend = new HostileBackend(fake);
    private Kitchen kitchen;

    static Throwable[] anything() {
        return Thrown.anything();
    }

    private Kitchen.Builder models(String... names) throws IOException {
        for (String name : names) {
            FakeBackend.writeModel(directory, name, name);
        }
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .shutdownHook(false)
                .watch(Duration.ZERO)
                .drainLimit(Duration.ofSeconds(1));
    }

    private void open(EndpointOptions.Builder options) throws IOException {
        kitchen = models("m").endpoint("m", options.build()).open();
    }

    private void ask() {
        kitchen.endpoint("m").predict("x", Models.x(1));
    }

    private long inFlight() {
        return kitchen.registry().describe("m").versions().get(0).runtime().inFlight();
    }

    @AfterEach
    void closesInItsLimitAndKeepsNothing() {
        fake.release();
        if (kitchen != null) {
            long start = System.nanoTime();
            kitchen.close();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start))
                    .isLessThan(16);
        }
        assertThat(fake.openSessions()).isZero();
        assertThat(fake.violations()).isZero();
        assertThat(backend.openBoundRuns()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aModelThatDoesNotLoadKeepsNoOtherFromServing(Throwable what) throws IOException {
        backend.fail(Point.LOAD, "bad", what);
        for (boolean lazy : new boolean[] {false, true}) {
            try (Kitchen opened = models("bad", "m").lazyLoading(lazy).open()) {
                opened.endpoint("m").predict("x", Models.x(1));
                assertThatThrownBy(() -> opened.endpoint("bad").predict("x", Models.x(1)))
                        .isInstanceOf(NotReadyException.class)
                        .hasCauseInstanceOf(KitchenException.class);
                assertThat(opened.health().status()).isEqualTo(Health.Status.DEGRADED);
                assertThat(opened.health().problems())
                        .singleElement()
                        .asString()
                        .contains("bad");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aSessionThatCannotServeIsClosed(Throwable what) throws IOException {
        backend.fail(Point.SIGNATURE, "bad", what);
        kitchen = models("bad", "m").open();

        assertThat(fake.openSessions()).isOne();
        ask();
        assertThatThrownBy(() -> kitchen.endpoint("bad")).isInstanceOf(NotReadyException.class);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aBreakerThatCannotBeMadeKeepsNoOtherModelFromServing(Throwable what) throws IOException {
        kitchen = models("bad", "m")
                .endpoint(
                        "bad",
                        EndpointOptions.builder()
                                .circuitBreaker(CircuitBreakerConfig.by((model, version) -> {
                                    throw Thrown.sneaky(what);
                                }))
                                .build())
                .open();

        ask();
        assertThatThrownBy(() -> kitchen.endpoint("bad")).isInstanceOf(NotReadyException.class);
        assertThat(fake.openSessions()).isOne();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aRunThatThrowsIsAnInferenceExceptionAndGivesBackItsPermit(Throwable what) throws IOException {
        open(EndpointOptions.builder()
                .admission(AdmissionConfig.builder()
                        .maxConcurrentRuns(1)
                        .maxQueued(0)
                        .build())
                .circuitBreaker(CircuitBreakerConfig.none()));
        backend.fail(Point.RUN, "m", what);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(this::ask).isInstanceOf(InferenceException.class).hasCause(what);
        }
        backend.recover();

        ask();

        assertThat(inFlight()).isZero();
        assertThat(kitchen.endpoint("m").statistics().get(0).answers()).isOne();
        assertThat(kitchen.endpoint("m").statistics().get(0).failures().values())
                .containsExactly(3L);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aStopThatThrowsHoldsUpNoDeadlineAfterIt(Throwable what) throws IOException {
        open(EndpointOptions.builder());
        backend.fail(Point.STOP, "m", what);
        CallOptions soon = CallOptions.timeLimit(Duration.ofMillis(20));

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> kitchen.endpoint("m").predict("x", Models.x(1), soon))
                    .isInstanceOf(DeadlineExceededException.class);
        }

        assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        assertThat(inFlight()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aSessionThatThrowsAsItClosesIsTheOnlyOneThatDoesNot(Throwable what) throws IOException {
        kitchen = models("a", "b", "m").open();
        backend.fail(Point.CLOSE, "", what);

        kitchen.close();

        assertThat(fake.openSessions()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void boundCallsEndTypedAndNoBoundRunIsForgotten(Throwable what) throws IOException {
        kitchen = models("m").open();
        Endpoint endpoint = kitchen.endpoint("m");
        Map<String, Shape> shapes = Map.of("x", Shape.of(1, 2));
        backend.fail(Point.BIND, "m", what);
        assertThatThrownBy(() -> endpoint.bind(shapes)).isInstanceOf(KitchenException.class);
        backend.recover();
        BoundCall first = endpoint.bind(shapes);
        BoundCall second = endpoint.bind(shapes);
        BoundCall third = endpoint.bind(shapes);
        backend.fail(Point.BOUND_RUN, "m", what);
        assertThatThrownBy(first::run).isInstanceOf(InferenceException.class);
        backend.recover();
        first.run();

        backend.fail(Point.BOUND_CLOSE, "m", what);
        first.close();

        assertThat(backend.openBoundRuns()).isEqualTo(2);
        assertThatThrownBy(first::run).isInstanceOf(IllegalStateException.class);
        kitchen.close();
        assertThat(backend.openBoundRuns()).isZero();
        second.close();
        third.close();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aListenerThatThrowsCostsNobodyAnAnswer(Throwable what) throws IOException {
        kitchen = models("m")
                .listener(new KitchenListener() {
                    @Override
                    public void onPrediction(PredictionEvent event) {
                        throw Thrown.sneaky(what);
                    }

                    @Override
                    public void onLoad(LoadEvent event) {
                        throw Thrown.sneaky(what);
                    }

                    @Override
                    public void onSwap(SwapEvent event) {
                        throw Thrown.sneaky(what);
                    }

                    @Override
                    public void onClose(CloseEvent event) {
                        throw Thrown.sneaky(what);
                    }
                })
                .open();

        ask();

        assertThat(inFlight()).isZero();
    }

    private static OutputReader.Bound<Object> throwing(Throwable what) {
        return new OutputReader.Bound<>() {
            @Override
            public List<String> outputs() {
                return List.of("echo");
            }

            @Override
            public Object read(NamedValues outputs, int row, int rows) {
                throw Thrown.sneaky(what);
            }

            @Override
            public String describe() {
                return "throws";
            }
        };
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A breaker whose every method throws. */
    private static CircuitBreaker breaking(Throwable what) {
        return proxy(CircuitBreaker.class, (proxy, method, arguments) -> {
            throw Thrown.sneaky(what);
        });
    }

    /** A breaker that refuses all calls, and cannot even say how it is. */
    private static CircuitBreaker refusing(Throwable what) {
        return proxy(CircuitBreaker.class, (proxy, method, arguments) -> {
            if (method.getName().equals("tryAcquire")) {
                return CircuitBreaker.REFUSED;
            }
            throw Thrown.sneaky(what);
        });
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aBreakerThatThrowsCostsNobodyAnAnswer(Throwable what) throws IOException {
        open(EndpointOptions.builder().circuitBreaker(CircuitBreakerConfig.by((model, version) -> breaking(what))));
        ask();
        assertThat(inFlight()).isZero();
        kitchen.close();

        open(EndpointOptions.builder().circuitBreaker(CircuitBreakerConfig.by((model, version) -> refusing(what))));
        assertThatThrownBy(this::ask).isInstanceOf(RejectedException.class);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aCacheThatThrowsCostsNobodyAnAnswer(Throwable what) throws IOException {
        open(EndpointOptions.builder().cache(CacheConfig.in(new TroubledCache(InMemoryCache.ofMaxBytes(1 << 20), () -> {
            throw Thrown.sneaky(what);
        }))));

        ask();
        ask();

        assertThat(kitchen.endpoint("m").predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
        assertThatThrownBy(() -> kitchen.endpoint("m").invalidateCache())
                .isInstanceOf(NotReadyException.class)
                .hasCause(what);
        assertThat(inFlight()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aFallbackThatThrowsLeavesTheFirstFailure(Throwable what) throws IOException {
        open(EndpointOptions.builder().fallback(Fallback.to(request -> {
            throw Thrown.sneaky(what);
        })));
        fake.fail(() -> new InferenceException("broken"));

        assertThatThrownBy(this::ask)
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("broken")
                .hasSuppressedException(what);
        assertThatThrownBy(() ->
                        kitchen.endpoint("m").predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMinutes(1))))
                .isInstanceOf(InferenceException.class)
                .hasSuppressedException(what);
        assertThat(inFlight()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aReaderThatThrowsIsAnInferenceException(Throwable what) throws IOException {
        open(EndpointOptions.builder());
        TypedEndpoint<float[], Object> typed =
                kitchen.endpoint("m").typed(Features.ofRow().inDeclarationOrder(), signature -> throwing(what));

        assertThatThrownBy(() -> typed.predict(new float[] {1, 2})).isInstanceOf(InferenceException.class);
        assertThatThrownBy(() -> typed.predictAsync(new float[] {1, 2}).join())
                .hasCauseInstanceOf(InferenceException.class);
        assertThat(inFlight()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aControlStoreThatThrowsIsARegistryExceptionAndKeepsNoSession(Throwable what) throws IOException {
        AtomicReference<List<String>> failing = new AtomicReference<>(List.of());
        ControlStore inner = new InMemoryControlStore();
        ControlStore store = proxy(ControlStore.class, (proxy, method, arguments) -> {
            if (failing.get().contains(method.getName())) {
                throw what;
            }
            return invoke(inner, method, arguments);
        });
        Path next = FakeBackend.writeModel(Files.createDirectories(directory.resolve("next")), "m", "m");
        Path empty = Files.createDirectories(directory.resolve("models"));
        kitchen = models().models(empty).controlStore(store).open();

        failing.set(List.of("update"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> kitchen.registry()
                            .deploy(DeployRequest.of("m", next).build()))
                    .isInstanceOf(RegistryException.class);
        }
        Waits.until(() -> fake.openSessions() == 0);
        failing.set(List.of("read", "stamp"));
        assertThatThrownBy(() -> kitchen.refresh()).isInstanceOf(RegistryException.class);
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
        failing.set(List.of("close"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOAD", "SIGNATURE", "METADATA", "VARIANT", "RUN"})
    void aDeployWhoseBackendThrowsEndsTypedAndKeepsNoSession(Point point) throws IOException {
        Path next = FakeBackend.writeModel(Files.createDirectories(directory.resolve("next")), "m", "m");
        kitchen = models().models(Files.createDirectories(directory.resolve("models")))
                .open();
        for (Throwable what : Thrown.anything()) {
            backend.fail(point, "m", what);
            assertThatThrownBy(() -> kitchen.registry()
                            .deploy(DeployRequest.of("m", next).build()))
                    .isInstanceOf(KitchenException.class);
            while (fake.openSessions() > 0) {
                Thread.onSpinWait();
            }
        }
        backend.recover();
        kitchen.registry().deploy(DeployRequest.of("m", next).activate().build());
        ask();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aBackendThatThrowsAsItLooksAtANameAcceptsNothing(Throwable what) throws IOException {
        backend.fail(Point.ACCEPTS, "", what);

        kitchen = models("m").open();

        assertThat(kitchen.endpointNames()).isEmpty();
    }
}
