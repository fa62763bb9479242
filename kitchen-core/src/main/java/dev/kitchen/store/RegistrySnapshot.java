package dev.kitchen.store;

import dev.kitchen.registry.ModelInfo;
import java.util.Map;
import java.util.Optional;

/**
 * All models at one generation of the document. Immutable.
 *
 * @param generation of the document; 0 where nothing was ever written
 * @param models by name, in alphabetical order
 */
public record RegistrySnapshot(long generation, Map<String, ModelInfo> models) {

    /** The model of that name. */
    public Optional<ModelInfo> model(String name) {
        return Optional.ofNullable(models.get(name));
    }
}
