package dev.kitchen;

import dev.kitchen.error.InferenceException;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.testkit.FakeBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fake backend that throws anything wherever it is called, whose runs hang until they are stopped, or are slow, and which
 * fails on poisoned rows.
 */
final class ChaosBackend implements Backend {

    static final String POISONED = "a poisoned row";

    /** How names of models begin whose memory can be bound. */
    static final String BOUND = "bound";

    private static final int LINGER_NANOS = 200_000;

    private final FakeBackend backend;
    private final Faults faults;
    private final Map<String, Load> loads = new ConcurrentHashMap<>();
    private final AtomicInteger openBoundRuns = new AtomicInteger();
    private volatile boolean measuring;

    /** How many runs of one version are under way, and the most that were. */
    private static final class Load {
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
    }

    ChaosBackend(FakeBackend backend, Faults faults) {
        this.backend = backend;
        this.faults = faults;
    }

    /** Whether runs take a while from now on, so that as many come together as may. */
    void measure(boolean measures) {
        measuring = measures;
    }

    /** The most runs at once of the version with this tag since the last time somebody asked. */
    int mostAtOnce(String tag) {
        return load(tag).most.getAndSet(0);
    }

    private Load load(String tag) {
        return loads.computeIfAbsent(tag, it -> new Load());
    }

    @Override
    public String name() {
        return "chaos";
    }

    @Override
    public boolean accepts(Path modelFile) {
        return backend.accepts(modelFile);
    }

    @Override
    public InferenceSession load(Path modelFile) {
        faults.failIfStruck(Faults.Kind.LOAD_FAILS);
        InferenceSession session = backend.load(modelFile);
        return new ChaosSession(session, load(session.metadata().custom().getOrDefault("tag", "")), isBound(modelFile));
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }

    /** Models of that name answer with tensors only, so that their memory can be bound. */
    private static boolean isBound(Path modelFile) {
        return modelFile.getFileName().toString().startsWith(BOUND);
    }

    /** How many bound runs were made and not closed. */
    int openBoundRuns() {
        return openBoundRuns.get();
    }

    private final class ChaosSession implements InferenceSession {

        private final InferenceSession session;
        private final Load load;
        private final boolean bound;

        private ChaosSession(InferenceSession session, Load load, boolean bound) {
            this.session = session;
            this.load = load;
            this.bound = bound;
        }

        @Override
        public ModelSignature signature() {
            faults.failIfStruck(Faults.Kind.SIGNATURE_FAILS);
            ModelSignature all = session.signature();
            return bound
                    ? ModelSignature.of(
                            all.inputs(),
                            all.outputs().stream()
                                    .filter(it -> !it.name().equals("tag"))
                                    .toList())
                    : all;
        }

        @Override
        public ModelMetadata metadata() {
            faults.failIfStruck(Faults.Kind.METADATA_FAILS);
            return session.metadata();
        }

        @Override
        public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
            faults.failIfStruck(Faults.Kind.BIND_FAILS);
            if (!bound) {
                return Optional.empty();
            }
            openBoundRuns.incrementAndGet();
            return Optional.of(new ChaosBoundRun(inputs.get(0), outputs.get(0)));
        }

        /** Copies the input to the first output. */
        private final class ChaosBoundRun implements BoundRun {

            private final BoundTensor input;
            private final BoundTensor output;
            private final AtomicBoolean closed = new AtomicBoolean();

            private ChaosBoundRun(BoundTensor input, BoundTensor output) {
                this.input = input;
                this.output = output;
            }

            @Override
            public void run(RunContext context) {
                faults.failIfStruck(Faults.Kind.BOUND_RUN_FAILS);
                if (faults.strikes(Faults.Kind.RUN_HANGS)) {
                    awaitStop(context);
                }
                output.whole().put(input.whole());
            }

            @Override
            public void close() {
                if (!closed.compareAndSet(false, true)) {
                    throw new AssertionError("a bound run is closed twice");
                }
                openBoundRuns.decrementAndGet();
                faults.failIfStruck(Faults.Kind.BOUND_CLOSE_FAILS);
            }
        }

        @Override
        public RowDependence rowDependence() {
            return session.rowDependence();
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
            load.most.accumulateAndGet(load.running.incrementAndGet(), Math::max);
            try {
                suffer(inputs, context);
                // In any case, as it notices a session that was closed meanwhile.
                return session.run(inputs, outputs, context);
            } finally {
                load.running.decrementAndGet();
            }
        }

        private void suffer(NamedValues inputs, RunContext context) {
            if (measuring) {
                LockSupport.parkNanos(LINGER_NANOS);
            }
            faults.failIfStruck(Faults.Kind.RUN_FAILS);
            if (FuzzCall.isPoisoned(inputs.tensor("x"))) {
                throw new InferenceException(POISONED);
            }
            if (faults.strikes(Faults.Kind.RUN_HANGS)) {
                awaitStop(context);
            }
            faults.lingerIfStruck(Faults.Kind.RUN_IS_SLOW);
        }

        private void awaitStop(RunContext context) {
            Thread runner = Thread.currentThread();
            context.onStop(() -> {
                LockSupport.unpark(runner);
                faults.failIfStruck(Faults.Kind.STOP_FAILS);
            });
            try {
                while (!context.isStopped()) {
                    LockSupport.park();
                }
            } finally {
                context.clearOnStop();
            }
        }

        @Override
        public void close() {
            session.close();
            faults.failIfStruck(Faults.Kind.SESSION_CLOSE_FAILS);
        }
    }
}
