package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.call.EndpointCalls;
import dev.kitchen.deploy.LiveRegistry;
import dev.kitchen.deploy.RegistryPlace;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.models.Backends;
import dev.kitchen.models.ModelTable;
import dev.kitchen.models.ModelWatch;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.runtime.OpenState;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingContext;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.serving.Shutdown;
import dev.kitchen.telemetry.SafeListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Creates the parts of a kitchen from its settings, connects them, and ends them in order. Safe for use by many threads. */
final class Wiring {

    private static final long MOST_NANOS_AFTER_DRAIN = TimeUnit.SECONDS.toNanos(15);
    private static final long STORE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final KitchenSettings settings;
    private final OpenState open = new OpenState();
    private final SafeListener listener;
    private final KitchenThreads threads;
    private final ServingContext context;
    private final RegistryPlace place;
    private final ModelTable table;
    private final LiveRegistry registry;
    private final ModelWatch watch;
    private final HealthReport health;
    private final Map<ServingSlot, Endpoint> endpoints = new ConcurrentHashMap<>();

    /**
     * Creates everything, and starts the threads that do not belong to the models.
     *
     * @throws dev.kitchen.error.KitchenException if that fails; nothing is left behind then
     */
    Wiring(KitchenSettings settings) {
        this.settings = settings;
        this.listener = new SafeListener(settings.listeners());
        this.threads = new KitchenThreads(settings.ticker(), settings.drainLimit(), settings.asyncThreads());
        this.context = new ServingContext(settings.ticker(), threads, listener, open, settings::pipeline);
        try {
            Backends backends = Backends.discover(settings.backends());
            this.place = new RegistryPlace(settings.models(), settings.controlStore());
            this.table = new ModelTable(settings.models(), backends, context, settings.lazyLoading());
            this.registry = new LiveRegistry(place, table, context);
            this.watch = new ModelWatch(
                    settings.models(), settings.watch(), table, this::useRegistry, registry::writeOverrides);
            this.health = new HealthReport(settings, open, threads, table, watch);
        } catch (Throwable e) {
            open.close();
            new Shutdown(threads).run(List.of(), System.nanoTime());
            throw ForeignCode.typed("kitchen", e, ConfigurationException::new);
        }
    }

    /** Loads the models and begins to watch them. Blocks until all are loaded. */
    void open() {
        watch.open(settings.namesModels());
    }

    /** Lets the models come from the registry as soon as there is one. */
    private void useRegistry() {
        place.find().ifPresent(table::useRegistry);
    }

    /** Returns whether closing would wait for the calling thread. */
    boolean isCallerAwaitedByClose() {
        return threads.isCallerAwaitedByClose() || listener.isTelling();
    }

    void requireOpen() {
        open.requireOpen();
    }

    Endpoint endpoint(String name) {
        open.requireOpen();
        return endpoints.computeIfAbsent(table.requireOffered(name).slot(), this::endpoint);
    }

    private Endpoint endpoint(ServingSlot slot) {
        EndpointOptions options = settings.options(slot.model());
        EndpointCalls calls = new EndpointCalls(slot, context, settings.timeLimit(slot.model()), options.fallback());
        return new Endpoint(calls, options.cache());
    }

    Set<String> endpointNames() {
        return table.names();
    }

    ModelRegistry registry() {
        return registry;
    }

    Health health() {
        return health.now();
    }

    void refresh() {
        open.requireOpen();
        watch.refresh();
    }

    /** Refuses calls, ends loading, drains, stops what does not end, frees the versions and closes the registry. */
    void close() {
        Duration drainLimit = settings.drainLimit();
        long drainEnd = Nanos.after(System.nanoTime(), Nanos.of(drainLimit));
        open.close();
        ForeignCode.attempt("kitchen: ending what is being loaded", () -> stopLoading(drainEnd));
        List<ServedVersion> versions = ForeignCode.attempt("kitchen: closing the models", table::close, List.of());
        new Shutdown(threads).run(versions, drainEnd);
        closeStore(Nanos.after(drainEnd, MOST_NANOS_AFTER_DRAIN));
    }

    private void stopLoading(long drainEnd) {
        watch.close();
        registry.stopProofs();
        table.stopLoading(Nanos.after(drainEnd, STORE_NANOS));
        watch.awaitEnd(Nanos.after(drainEnd, STORE_NANOS));
    }

    /** The store may be the application's, so closing it must not block for long. */
    private void closeStore(long end) {
        long left = Math.min(STORE_NANOS, Nanos.until(end, System.nanoTime()));
        ForeignCode.attemptWithin(left, "kitchen-store-closer", "closing the registry", place::close);
    }
}
