package dev.kitchen.store;

import dev.kitchen.registry.ModelInfo;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All models at one moment. Immutable.
 *
 * @param edition which moment
 * @param models by name, in alphabetical order
 */
public record RegistrySnapshot(Edition edition, Map<String, ModelInfo> models) {

    public RegistrySnapshot {
        models = Collections.unmodifiableMap(new TreeMap<>(models));
    }

    /** What a document of that generation says. */
    public RegistrySnapshot(long generation, Map<String, ModelInfo> models) {
        this(new Edition(true, generation), models);
    }

    /** Of the document; of plain files, the number of the look at them. */
    public long generation() {
        return edition.generation();
    }

    /** The model of that name. */
    public Optional<ModelInfo> model(String name) {
        return Optional.ofNullable(models.get(name));
    }
}
