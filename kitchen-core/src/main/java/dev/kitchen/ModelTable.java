package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a path and what came of each file. Looking at the path again loads what is new or changed beside what
 * serves, and swaps it in; what does not load, and what is gone, leaves things as they are.
 */
final class ModelTable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ModelTable.class);

    private final Path path;
    private final Backends backends;
    private final Loading loading;
    private final Engine engine;
    private final Object lock = new Object();
    private final Map<String, Attempt> attempts = new HashMap<>();
    private final List<ServedModel> unfreed = new ArrayList<>();
    private volatile Table table = new Table(Map.of(), Map.of());
    private boolean closed;

    /** The last try to load a file. */
    private record Attempt(FileStamp stamp, int version) {}

    /** Who answers to which name, and why others do not. */
    private record Table(Map<String, Endpoint> endpoints, Map<String, KitchenException> failures) {}

    ModelTable(Path path, Backends backends, Engine engine) {
        this.path = path;
        this.backends = backends;
        this.engine = engine;
        this.loading = new Loading(engine, backends);
    }

    /**
     * Loads everything for the first time.
     *
     * @throws KitchenException if the only file, or every one, does not load
     */
    void open() {
        refresh();
        Table opened = table;
        if (opened.endpoints.isEmpty() && opened.failures.isEmpty()) {
            LOGGER.warn("directory {} has no model files", path.toAbsolutePath());
        } else if (opened.endpoints.isEmpty()) {
            List<KitchenException> all = List.copyOf(opened.failures.values());
            all.stream().skip(1).forEach(all.get(0)::addSuppressed);
            throw all.get(0);
        }
    }

    /** Looks at the path again. One look at a time; others wait for theirs. */
    void refresh() {
        synchronized (lock) {
            if (closed) {
                throw new NotReadyException("kitchen is closed");
            }
            unfreed.removeIf(it -> it.awaitFreed(0));
            ModelFiles.at(path, backends).forEach(this::look);
        }
    }

    private void look(String name, Path file) {
        FileStamp stamp = FileStamp.of(file);
        Attempt last = attempts.get(name);
        if (last != null && last.stamp.equals(stamp)) {
            return;
        }
        int version = last == null ? 1 : last.version + 1;
        attempts.put(name, new Attempt(stamp, version));
        try {
            serve(loading.load(name, Integer.toString(version), file));
        } catch (KitchenException e) {
            if (!table.endpoints.containsKey(name)) {
                table = new Table(table.endpoints, with(table.failures, name, e));
            }
        }
    }

    private void serve(ServedModel model) {
        unfreed.add(model);
        Endpoint present = table.endpoints.get(model.name());
        if (present != null) {
            present.slot().swap(model);
            return;
        }
        Endpoint added = new Endpoint(new ServingSlot(model), engine);
        table = new Table(with(table.endpoints, model.name(), added), with(table.failures, model.name(), null));
    }

    private static <T> Map<String, T> with(Map<String, T> map, String name, @Nullable T value) {
        Map<String, T> copy = new TreeMap<>(map);
        if (value == null) {
            copy.remove(name);
        } else {
            copy.put(name, value);
        }
        return copy;
    }

    Optional<Endpoint> endpoint(String name) {
        return Optional.ofNullable(table.endpoints.get(name));
    }

    Optional<KitchenException> failure(String name) {
        return Optional.ofNullable(table.failures.get(name));
    }

    Set<String> servingNames() {
        return table.endpoints.keySet();
    }

    Set<String> allNames() {
        Table now = table;
        Set<String> names = new TreeSet<>(now.endpoints.keySet());
        names.addAll(now.failures.keySet());
        return names;
    }

    /** Lets nothing more be loaded; returns all versions that may still hold a session. */
    List<ServedModel> close() {
        synchronized (lock) {
            closed = true;
            return List.copyOf(unfreed);
        }
    }
}
