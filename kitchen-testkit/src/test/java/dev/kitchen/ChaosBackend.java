package dev.kitchen;

import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.testkit.FakeBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A fake backend whose runs fail, hang until they are stopped, or are slow, and which fails on poisoned rows. */
final class ChaosBackend implements Backend {

    static final String POISONED = "a poisoned row";

    private static final int LINGER_NANOS = 200_000;

    private final FakeBackend backend;
    private final Faults faults;
    private final Map<String, Load> loads = new ConcurrentHashMap<>();
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

    /** From now on runs take a while, so that as many come together as may. */
    void measure() {
        measuring = true;
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
        InferenceSession session = backend.load(modelFile);
        return new ChaosSession(session, load(session.metadata().custom().getOrDefault("tag", "")));
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }

    private final class ChaosSession implements InferenceSession {

        private final InferenceSession session;
        private final Load load;

        private ChaosSession(InferenceSession session, Load load) {
            this.session = session;
            this.load = load;
        }

        @Override
        public ModelSignature signature() {
            return session.signature();
        }

        @Override
        public ModelMetadata metadata() {
            return session.metadata();
        }

        @Override
        public RowDependence rowDependence() {
            return session.rowDependence();
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, CallContext context) {
            load.most.accumulateAndGet(load.running.incrementAndGet(), Math::max);
            try {
                suffer(inputs, context);
                // In any case, as it notices a session that was closed meanwhile.
                return session.run(inputs, outputs, context);
            } finally {
                load.running.decrementAndGet();
            }
        }

        private void suffer(NamedValues inputs, CallContext context) {
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

        private void awaitStop(CallContext context) {
            Thread runner = Thread.currentThread();
            context.onStop(() -> LockSupport.unpark(runner));
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
        }
    }
}
