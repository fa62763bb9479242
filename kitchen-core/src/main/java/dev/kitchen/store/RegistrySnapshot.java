package dev.kitchen.store;

import dev.kitchen.registry.ModelInfo;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All models at one generation of the document. Immutable.
 *
 * @param generation of the document; 0 where nothing was ever written
 * @param models by name, in alphabetical order
 */
public record RegistrySnapshot(long generation, Map<String, ModelInfo> models) {

    public RegistrySnapshot {
        models = Collections.unmodifiableMap(new TreeMap<>(models));
    }

    /** The model of that name. */
    public Optional<ModelInfo> model(String name) {
        return Optional.ofNullable(models.get(name));
    }
}
