package dev.kitchen.models;

import dev.kitchen.error.KitchenException;
import dev.kitchen.registry.VersionInfo.RuntimeFacts;
import dev.kitchen.registry.VersionInfo.State;
import dev.kitchen.serving.ServedVersion;
import java.util.List;
import java.util.Optional;

/** What becomes of a version in this process, told from where its model is. */
final class RuntimeState {

    private RuntimeState() {}

    static RuntimeFacts of(
            Optional<ServedVersion> loaded, List<ServedVersion> leaving, Optional<KitchenException> failure) {
        if (loaded.isPresent()) {
            return inMemory(State.READY, loaded.get());
        }
        if (!leaving.isEmpty()) {
            return inMemory(State.UNLOADING, leaving.get(0));
        }
        return failure.map(it -> RuntimeFacts.unavailable(String.valueOf(it.getMessage())))
                .orElse(RuntimeFacts.NOT_LOADED);
    }

    private static RuntimeFacts inMemory(State state, ServedVersion model) {
        return new RuntimeFacts(state, "", Optional.of(model.loadedSince()), model.users());
    }
}
