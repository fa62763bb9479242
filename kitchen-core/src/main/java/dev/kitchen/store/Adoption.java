package dev.kitchen.store;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.VersionInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The first document of files that were there before the registry. */
final class Adoption {

    private Adoption() {}

    static UnaryOperator<JsonTree> of(List<VersionInfo> versions, Map<String, String> current, Artifacts artifacts) {
        return document -> {
            JsonTree adopted = document;
            for (VersionInfo version : versions) {
                adopted = Edits.register(version, artifacts.relative(version.path()))
                        .apply(adopted);
            }
            for (Map.Entry<String, String> entry : current.entrySet()) {
                requireVersion(versions, entry.getKey(), entry.getValue());
                adopted = Edits.activate(Decisions.nothing(entry.getKey()), entry.getValue())
                        .apply(adopted);
            }
            return adopted;
        };
    }

    private static void requireVersion(List<VersionInfo> versions, String model, String version) {
        if (versions.stream()
                .noneMatch(it -> it.model().equals(model) && it.version().equals(version))) {
            throw new RegistryException(
                    Reason.INVALID, Lookup.place(model, version) + ": is to be current, expected one of " + versions);
        }
    }

    static List<Deed> deeds(List<VersionInfo> versions) {
        return versions.stream()
                .map(it -> new Deed(
                        it.model(),
                        "deploy",
                        Optional.empty(),
                        Optional.of(it.version()),
                        "was there before the registry"))
                .toList();
    }
}
