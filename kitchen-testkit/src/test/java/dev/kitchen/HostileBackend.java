package dev.kitchen;

import dev.kitchen.spi.Backend;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import dev.kitchen.testkit.FakeBackend;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The fake backend, which throws whatever a test wants wherever Kitchen calls it, and counts what it has handed out. */
final class HostileBackend implements Backend {

    /** Where Kitchen calls a backend. */
    enum Point {
        ACCEPTS,
        LOAD,
        SIGNATURE,
        METADATA,
        VARIANT,
        RUN,
        STOP,
        BIND,
        BOUND_RUN,
        BOUND_CLOSE,
        CLOSE
    }

    private final FakeBackend backend;
    private final Map<Point, Throwable> thrown = new ConcurrentHashMap<>(new EnumMap<>(Point.class));
    private final AtomicInteger openBoundRuns = new AtomicInteger();
    private volatile String model = "";

    HostileBackend(FakeBackend backend) {
        this.backend = backend;
    }

    /** From now on this is thrown there, by models whose file's name begins like this. */
    void fail(Point point, String modelBegins, Throwable what) {
        model = modelBegins;
        thrown.put(point, what);
    }

    void recover() {
        thrown.clear();
    }

    /** How many bound runs were made and not closed. */
    int openBoundRuns() {
        return openBoundRuns.get();
    }

    private void at(Point point, Path file) {
        Throwable what = thrown.get(point);
        if (what != null && file.getFileName().toString().startsWith(model)) {
            throw Thrown.sneaky(what);
        }
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean accepts(Path modelFile) {
        at(Point.ACCEPTS, modelFile);
        return backend.accepts(modelFile);
    }

    @Override
    public String variant() {
        at(Point.VARIANT, Path.of(model));
        return "";
    }

    @Override
    public InferenceSession load(Path modelFile) {
        at(Point.LOAD, modelFile);
        return new Session(backend.load(modelFile), modelFile);
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }

    private final class Session implements InferenceSession {

        private final InferenceSession session;
        private final Path file;

        Session(InferenceSession session, Path file) {
            this.session = session;
            this.file = file;
        }

        @Override
        public ModelSignature signature() {
            at(Point.SIGNATURE, file);
            ModelSignature all = session.signature();
            // Without the output that cannot be bound.
            return ModelSignature.of(
                    all.inputs(),
                    all.outputs().stream()
                            .filter(it -> it instanceof TensorSpec spec
                                    && !spec.name().equals("tag"))
                            .map(ValueSpec.class::cast)
                            .toList());
        }

        @Override
        public ModelMetadata metadata() {
            at(Point.METADATA, file);
            return session.metadata();
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
            at(Point.RUN, file);
            if (thrown.containsKey(Point.STOP)) {
                awaitStop(context);
            }
            return session.run(inputs, outputs, context);
        }

        private void awaitStop(RunContext context) {
            CountDownLatch stopped = new CountDownLatch(1);
            context.onStop(() -> {
                stopped.countDown();
                at(Point.STOP, file);
            });
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                context.clearOnStop();
            }
        }

        @Override
        public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
            at(Point.BIND, file);
            openBoundRuns.incrementAndGet();
            return Optional.of(new BoundRun() {
                @Override
                public void run(RunContext context) {
                    at(Point.BOUND_RUN, file);
                }

                @Override
                public void close() {
                    openBoundRuns.decrementAndGet();
                    at(Point.BOUND_CLOSE, file);
                }
            });
        }

        @Override
        public void close() {
            session.close();
            at(Point.CLOSE, file);
        }
    }
}
