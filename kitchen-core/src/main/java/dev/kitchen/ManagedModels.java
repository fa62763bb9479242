package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.serving.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that has to do with a kitchen's models: where they come from, their loading, the registry, and who watches it. */
final class ManagedModels {

    private static final Logger LOGGER = LoggerFactory.getLogger(ManagedModels.class);

    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Engine engine;
    private final VersionLoader loader = new VersionLoader();
    private final RegistryPlace place;
    private final ModelTable table;
    private final Deployment deployment;
    private final Proving proving;
    private final Optional<Duration> watch;
    private final Path path;
    private final boolean pathWasSet;
    private volatile @Nullable Watcher watcher;

    ManagedModels(Kitchen.Builder builder, Engine engine) {
        this.engine = engine;
        this.path = builder.models.toAbsolutePath().normalize();
        this.pathWasSet = builder.modelsSet || builder.controlStore.isPresent();
        this.watch = builder.watch;
        Backends backends = Backends.discover(builder.backends);
        Loading loading = new Loading(engine, backends);
        this.place = new RegistryPlace(path, builder.controlStore);
        this.table = new ModelTable(new PlainModels(path, backends), loading, loader, engine, builder.lazyLoading);
        this.proving = new Proving(loading, loader, engine);
        this.deployment = new Deployment(place, table, proving, engine);
    }

    /** Loads the models and begins to watch them. */
    void open() {
        if (!pathWasSet) {
            requireUsualPath();
        }
        useRegistry();
        table.open();
        loader.oneAtATime();
        Duration interval = watch.orElse(Duration.ofSeconds(2));
        if (!interval.isZero()) {
            watcher = new Watcher(path, interval, this::look);
            watcher.start();
        }
    }

    /** Says which models are opened where nobody named any. */
    private void requireUsualPath() {
        if (!Files.exists(path)) {
            throw new ModelLoadException("models at " + path + ": does not exist, and no models(…) was set; expected a"
                    + " model file or a directory of model files");
        }
        LOGGER.info("no models(…) was set: opening {}", path);
    }

    private boolean useRegistry() {
        place.find().ifPresent(it -> table.source(new RegisteredModels(it)));
        return place.find().isPresent();
    }

    private void look() {
        useRegistry();
        if (isWatched()) {
            deployment.writeOverrides();
            table.poll();
        }
    }

    void refresh() {
        useRegistry();
        deployment.writeOverrides();
        table.refresh(true);
    }

    ModelTable table() {
        return table;
    }

    ModelRegistry registry() {
        return deployment;
    }

    Health health() {
        if (engine.isClosed()) {
            return new Health(Health.Status.DOWN, List.of("the kitchen is closed"));
        }
        List<String> dead = new ArrayList<>(engine.deadThreads());
        Optional.ofNullable(watcher).flatMap(Watcher::problem).ifPresent(dead::add);
        if (!dead.isEmpty()) {
            return new Health(Health.Status.DOWN, dead);
        }
        List<String> problems = new ArrayList<>(table.problems(isWatched()));
        problems.addAll(engine.overdueDrains());
        problems.addAll(engine.overdueRuns());
        problems.addAll(engine.pipeline().batchMismatches());
        return new Health(problems.isEmpty() ? Health.Status.UP : Health.Status.DEGRADED, problems);
    }

    /** Plain files may be half copied: they are looked at only where that was asked for. */
    private boolean isWatched() {
        return !watch.equals(Optional.of(Duration.ZERO)) && (watch.isPresent() || table.isRegistry());
    }

    /**
     * Begins no more loading, and waits for what is under way, but not forever.
     *
     * @param drainEnd until when it may take, in {@link System#nanoTime} time; somewhat longer where it can be stopped
     */
    void stopLoading(long drainEnd) {
        Watcher present = watcher;
        if (present != null) {
            present.close();
        }
        loader.close();
        proving.stop();
        long end = Nanos.after(drainEnd, STOP_NANOS);
        loader.awaitEnd(Nanos.until(end, System.nanoTime()));
        if (present != null) {
            present.awaitEnd(Nanos.until(end, System.nanoTime()));
        }
    }

    /** Lets nothing more be loaded; returns all versions that may still hold a session. */
    List<ServedModel> close() {
        return table.close();
    }

    /** Closes the registry's store, which may be the application's; waits for that, but no longer than 5 seconds. */
    void closeStore(long end) {
        long left = Math.min(STOP_NANOS, Nanos.until(end, System.nanoTime()));
        ForeignCode.attemptWithin(left, "kitchen-store-closer", "closing the registry", place::close);
    }
}
