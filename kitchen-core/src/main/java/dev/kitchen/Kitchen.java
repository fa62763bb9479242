package dev.kitchen;

import dev.kitchen.base.Checks;
import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.models.Backends;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.Ticker;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.runtime.CloseOnce;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Loads models and answers predictions. An application creates one, shares it among all threads, and closes it when it ends:
 *
 * <pre>{@code
 * try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
 *     Prediction p = kitchen.endpoint("iris").predict("input", Tensor.ofRows(rows));
 * }
 * }</pre>
 *
 * <p>Closing is safe at any moment, also while predictions run: they get time to end, are stopped after that, and no
 * model is freed under one.
 */
public final class Kitchen implements AutoCloseable {

    private final Wiring wiring;
    private final CloseOnce closing;

    private Kitchen(KitchenSettings settings) {
        this.wiring = new Wiring(settings);
        try {
            wiring.open();
        } catch (Throwable e) {
            wiring.close();
            throw ForeignCode.typed("kitchen", e, NotReadyException::new);
        }
        this.closing = new CloseOnce(wiring::isCallerAwaitedByClose, wiring::close);
        if (settings.shutdownHook()) {
            closing.atJvmShutdown();
        }
    }

    /**
     * Opens a kitchen on one model file, or on a directory of model files, with the default settings.
     *
     * <p>A directory with a {@code registry.json} is a registry: its active models become endpoints. In any other
     * directory every model file becomes an endpoint, named like the file without its suffix, and so does every directory
     * {@code <name>/<version>/} with a model file. One that does not load does not keep the others from serving: its
     * endpoint says why it is not there.
     *
     * @throws dev.kitchen.error.ModelLoadException if there is nothing at the path, or no model of it loads
     * @throws ConfigurationException if this machine cannot run models
     */
    public static Kitchen open(Path models) {
        return builder().models(models).open();
    }

    /** Returns a builder with the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks this machine before the first model runs on it. Loads no model and never throws.
     *
     * @return what the backends on the class path found
     */
    public static PreflightReport preflight() {
        List<Finding> findings = new ArrayList<>();
        List<Backend> backends = Backends.discover(List.of()).all();
        if (backends.isEmpty()) {
            findings.add(new Finding(
                    Severity.ERROR,
                    "no-backend",
                    "no backend is on the class path",
                    "Add the dependency dev.kitchen:kitchen-onnx"));
        }
        backends.forEach(it -> findings.addAll(ForeignCode.attempt(
                "preflight of backend " + it.getClass().getName(), it::preflight, List.<Finding>of())));
        return new PreflightReport(findings);
    }

    /**
     * Returns the endpoint of a model. Cheap, but worth keeping.
     *
     * @throws ModelNotFoundException if no model has that name
     * @throws NotReadyException if the model did not load, with the reason, or the kitchen is closed
     */
    public Endpoint endpoint(String name) {
        return wiring.endpoint(name);
    }

    /** Returns the names of all active models, including those that did not load, in alphabetical order. */
    public Set<String> endpointNames() {
        return wiring.endpointNames();
    }

    /**
     * Returns the registry: the versions of the models, and the operations on them, such as deploy, activate and roll back.
     * Where the directory has no registry yet, the first operation that changes something creates one of the models there.
     */
    public ModelRegistry registry() {
        return wiring.registry();
    }

    /** Returns the health of this kitchen. Cheap enough for a frequent health check. */
    public Health health() {
        return wiring.health();
    }

    /**
     * Looks at the models again: at the registry's document, or at the model files. A new version, or a file that was
     * replaced, is loaded beside the version that serves, and swapped in without a failed call. A new model becomes an
     * endpoint. One that does not load, or is gone, leaves the version that serves in place; {@link #health}, the log and
     * the listeners say so. Replace files by moving a finished one over the old. Blocks until all is loaded.
     *
     * @throws NotReadyException if the kitchen is closed
     * @throws dev.kitchen.error.ModelLoadException if the path cannot be read
     * @throws dev.kitchen.error.RegistryException if the registry's document is damaged or cannot be read
     * @throws ConfigurationException if two files claim the same name
     */
    public void refresh() {
        wiring.refresh();
    }

    /**
     * Refuses new calls, lets those under way end within the {@linkplain Builder#drainLimit drain limit}, stops the
     * others, and frees the models. Returns within 15 seconds beyond the drain limit, whatever does not end; a model that
     * is still in use then stays in memory. Where a listener, or what stops a run, calls this, it lets another thread close
     * and returns at once, as closing waits for what they are part of. May be called often, by any thread; never throws.
     */
    @Override
    public void close() {
        closing.close();
    }

    /** Settings of a kitchen; not thread-safe. */
    public static final class Builder {

        private Optional<Path> models = Optional.empty();
        private final List<Backend> backends = new ArrayList<>();
        private final List<KitchenListener> listeners = new ArrayList<>();
        private Ticker ticker = Ticker.system();
        private Optional<Duration> timeLimit = Optional.empty();
        private Duration drainLimit = Duration.ofSeconds(10);
        private int asyncThreads = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        private boolean shutdownHook = true;
        private boolean lazyLoading;
        private Optional<Duration> watch = Optional.empty();
        private Optional<ControlStore> controlStore = Optional.empty();
        private final Map<String, EndpointOptions> endpoints = new HashMap<>();

        private Builder() {}

        /** Sets the models: one model file, or a directory of them. If unset, the directory {@code models}. */
        public Builder models(Path fileOrDirectory) {
            this.models = Optional.of(fileOrDirectory);
            return this;
        }

        /** Adds a backend that comes before those on the class path; it replaces a discovered one of the same name. */
        public Builder backend(Backend backend) {
            backends.add(backend);
            return this;
        }

        /** Adds a listener that is notified of predictions, loads, swaps, closes and operations of the registry. */
        public Builder listener(KitchenListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Sets the time limit of calls that set none. If unset, they have none.
         *
         * @param limit longer than zero
         */
        public Builder timeLimit(Duration limit) {
            this.timeLimit = Optional.of(limit);
            return this;
        }

        /**
         * Sets how long closing waits for runs to end before it stops them, and after how long a retired version that still
         * has calls in flight is reported; those calls go on. If unset, 10 seconds.
         *
         * @param limit zero or more
         */
        public Builder drainLimit(Duration limit) {
            this.drainLimit = limit;
            return this;
        }

        /**
         * Sets how many threads run {@code predictAsync} and bulk calls. If unset, twice the CPUs, at least 4.
         *
         * @param threads 1 or more
         */
        public Builder asyncThreads(int threads) {
            this.asyncThreads = threads;
            return this;
        }

        /** Sets whether the kitchen closes itself when the JVM ends. If unset, it does. */
        public Builder shutdownHook(boolean enabled) {
            this.shutdownHook = enabled;
            return this;
        }

        /** Sets whether a model is loaded only when the first call needs it. If unset, all are loaded before this opens. */
        public Builder lazyLoading(boolean enabled) {
            this.lazyLoading = enabled;
            return this;
        }

        /**
         * Sets how often to look whether the models changed. If unset, every 2 seconds for a registry, and never for plain
         * files, which may be half copied: {@link Kitchen#refresh} looks at them.
         *
         * @param interval zero for never, or more
         */
        public Builder watch(Duration interval) {
            this.watch = Optional.of(interval);
            return this;
        }

        /** Sets where the document of the registry is, if not in its directory. The store is closed with the kitchen. */
        public Builder controlStore(ControlStore store) {
            this.controlStore = Optional.of(store);
            return this;
        }

        /**
         * Sets the options of one endpoint; they replace earlier ones for the same name.
         *
         * @param name the name of a model, or {@link EndpointOptions#ALL} for what all endpoints inherit
         */
        public Builder endpoint(String name, EndpointOptions options) {
            endpoints.put(name, options);
            return this;
        }

        /** Sets the clock for time limits and durations. If unset, {@link Ticker#system}. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /**
         * Opens the kitchen; blocks until all models are loaded.
         *
         * @throws ConfigurationException naming every setting that is wrong
         * @throws dev.kitchen.error.ModelLoadException as {@link Kitchen#open} does
         */
        public Kitchen open() {
            Checks checks = new Checks("kitchen");
            timeLimit.ifPresent(limit -> checks.requirePositive("timeLimit", limit));
            checks.require(!drainLimit.isNegative(), "drainLimit", drainLimit, "zero or more");
            watch.ifPresent(interval -> checks.require(!interval.isNegative(), "watch", interval, "zero or more"));
            checks.requireAtLeast("asyncThreads", asyncThreads, 1);
            checks.throwIfAny();
            return new Kitchen(settings());
        }

        private KitchenSettings settings() {
            return new KitchenSettings(
                    models.orElse(Path.of("models")).toAbsolutePath().normalize(),
                    models.isPresent() || controlStore.isPresent(),
                    backends,
                    listeners,
                    ticker,
                    timeLimit,
                    drainLimit,
                    asyncThreads,
                    shutdownHook,
                    lazyLoading,
                    watch,
                    controlStore,
                    endpoints);
        }
    }
}
