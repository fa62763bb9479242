package dev.kitchen.deploy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.store.GuardedControlStore;
import dev.kitchen.store.RegistryDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where a kitchen's registry is, or would be: it is created by the first operation that needs one. */
public final class RegistryPlace implements AutoCloseable {

    private final Path path;
    private final Optional<ControlStore> store;
    private final Object lock = new Object();
    private @Nullable RegistryDirectory open;

    public RegistryPlace(Path path, Optional<ControlStore> store) {
        this.path = path;
        this.store = store.map(GuardedControlStore::new);
    }

    /** The registry; empty while there is none. */
    public Optional<RegistryDirectory> find() {
        synchronized (lock) {
            if (open == null && (store.isPresent() || RegistryDirectory.isRegistry(path))) {
                open = store.map(it -> RegistryDirectory.open(path, it)).orElseGet(() -> RegistryDirectory.open(path));
            }
            return Optional.ofNullable(open);
        }
    }

    /**
     * The registry, created where none is: the models that lie there become its first versions.
     *
     * @throws ConfigurationException if the kitchen was opened on one file
     */
    RegistryDirectory findOrCreate(List<ModelInfo> plain) {
        synchronized (lock) {
            Optional<RegistryDirectory> present = find();
            if (present.isPresent()) {
                return present.get();
            }
            if (Files.isRegularFile(path)) {
                throw new ConfigurationException("models at " + path
                        + ": the kitchen was opened on one file, expected a directory: a registry has a place there");
            }
            RegistryDirectory created = RegistryDirectory.open(path);
            if (!plain.isEmpty()) {
                created.adopt(
                        plain.stream().flatMap(it -> it.versions().stream()).toList(), currentVersions(plain));
            }
            open = created;
            return created;
        }
    }

    private static Map<String, String> currentVersions(List<ModelInfo> models) {
        Map<String, String> current = new TreeMap<>();
        models.forEach(it -> it.currentVersion().ifPresent(version -> current.put(it.name(), version)));
        return current;
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (open != null) {
                open.close();
            }
        }
    }
}
