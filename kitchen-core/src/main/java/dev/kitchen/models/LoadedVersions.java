package dev.kitchen.models;

import dev.kitchen.error.KitchenException;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which versions of a model are in memory, which are on their way out of it, and which did not load. Not thread-safe. */
final class LoadedVersions {

    private final Map<String, Loaded> loaded = new HashMap<>();
    private final Map<String, FailedLoad> failures = new HashMap<>();
    private final List<ServedVersion> leaving = new ArrayList<>();

    /** A version in memory, and the content and files it was loaded from. */
    private record Loaded(ServedVersion model, Optional<String> sha256, VersionInfo version, VersionFiles files) {}

    /** Whether that very content is in memory. */
    boolean has(VersionInfo version) {
        Loaded present = loaded.get(version.version());
        return present != null && isSame(present.sha256, version.sha256());
    }

    /** Why that very content did not load. */
    Optional<FailedLoad> failure(VersionInfo version) {
        return failure(version.version()).filter(it -> isSame(it.sha256(), version.sha256()));
    }

    /** A plain file that became part of a registry got its hash only then. */
    private static boolean isSame(Optional<String> before, Optional<String> now) {
        return before.isEmpty() || before.equals(now);
    }

    Optional<ServedVersion> find(String version) {
        return Optional.ofNullable(loaded.get(version)).map(Loaded::model);
    }

    Optional<FailedLoad> failure(String version) {
        return Optional.ofNullable(failures.get(version));
    }

    /** The files that versions in memory were loaded from. */
    Map<VersionInfo, VersionFiles> files() {
        Map<VersionInfo, VersionFiles> files = new LinkedHashMap<>();
        loaded.values().forEach(it -> files.put(it.version, it.files));
        return files;
    }

    Map<String, ServedVersion> byVersion() {
        Map<String, ServedVersion> models = new HashMap<>();
        loaded.forEach((version, it) -> models.put(version, it.model));
        return models;
    }

    /** Takes a version in; other content under its name leaves. False if it is in already, or is retired. */
    boolean add(VersionInfo version, ServedVersion model, VersionFiles files) {
        Loaded present = loaded.get(version.version());
        if (model.isRetired() || (present != null && present.model.equals(model))) {
            return false;
        }
        failures.remove(version.version());
        loaded.put(version.version(), new Loaded(model, version.sha256(), version, files));
        if (present != null) {
            leaving.add(present.model);
        }
        return true;
    }

    void failed(VersionInfo version, KitchenException failure, VersionFiles files, long now) {
        FailedLoad before = failure(version).orElse(null);
        failures.put(version.version(), FailedLoad.of(version, failure, files, before, now));
    }

    /** Lets all others leave. */
    void retain(Predicate<String> stays) {
        loaded.entrySet().removeIf(it -> {
            boolean leaves = !stays.test(it.getKey());
            if (leaves) {
                leaving.add(it.getValue().model);
            }
            return leaves;
        });
    }

    /** Who leaves answers nobody new: to be called once nobody new can find them. */
    void retireLeaving() {
        leaving.forEach(ServedVersion::retire);
        leaving.removeIf(it -> it.awaitFreed(0));
    }

    /** What may still hold a session. */
    List<ServedVersion> unfreed() {
        List<ServedVersion> all = new ArrayList<>(leaving);
        loaded.values().forEach(it -> all.add(it.model));
        return all;
    }

    VersionInfo.RuntimeFacts runtime(String version) {
        return RuntimeState.of(
                find(version),
                leaving.stream().filter(it -> it.version().equals(version)).toList(),
                failure(version).map(FailedLoad::failure));
    }
}
