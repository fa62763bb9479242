package dev.kitchen.store;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import java.util.List;

/** Finds models and versions, or says what is there instead. */
public final class Lookup {

    private Lookup() {}

    static ModelInfo model(RegistrySnapshot snapshot, String model) {
        return snapshot.model(model)
                .orElseThrow(() -> new ModelNotFoundException(
                        "model '" + MessageText.of(model) + "': is not registered, expected one of "
                                + MessageText.of(snapshot.models().keySet())));
    }

    static VersionInfo version(ModelInfo model, String version) {
        return model.version(version)
                .orElseThrow(() -> new ModelNotFoundException(place(model.name(), version)
                        + ": is not registered, expected one of " + MessageText.of(names(model))));
    }

    /**
     * The version that a roll back goes to.
     *
     * @throws RegistryException {@code CONFLICT} if there is none
     */
    public static String previous(ModelInfo model) {
        return model.previousVersions().stream()
                .findFirst()
                .orElseThrow(() -> conflict("model '" + model.name()
                        + "': has no previous version to roll back to, current is "
                        + model.currentVersion().orElse("none")));
    }

    private static List<String> names(ModelInfo model) {
        return model.versions().stream().map(VersionInfo::version).toList();
    }

    static String place(String model, String version) {
        return "model '" + MessageText.of(model) + "', version '" + MessageText.of(version) + "'";
    }

    /** Refuses what would leave a hole under callers. */
    static void requireUnused(ModelInfo model, String version) {
        if (model.currentVersion().filter(version::equals).isPresent()) {
            throw new RegistryException(
                    Reason.IN_USE, place(model.name(), version) + ": is current, expected another one to be");
        }
        List<String> aliases = model.aliases().entrySet().stream()
                .filter(it -> it.getValue().equals(version))
                .map(it -> it.getKey())
                .sorted()
                .toList();
        if (!aliases.isEmpty()) {
            throw new RegistryException(
                    Reason.IN_USE,
                    place(model.name(), version) + ": is what " + MessageText.of(aliases)
                            + " stands for, expected no alias");
        }
    }

    static RegistryException conflict(String problem) {
        return new RegistryException(Reason.CONFLICT, problem);
    }
}
