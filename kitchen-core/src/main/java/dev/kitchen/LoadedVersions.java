package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Which versions of a model are in memory, which are on their way out of it, and which did not load. Not thread-safe. */
final class LoadedVersions {

    private final Map<String, Loaded> loaded = new HashMap<>();
    private final Map<String, Failed> failures = new HashMap<>();
    private final List<ServedModel> leaving = new ArrayList<>();

    /** A version in memory, and the content it was loaded from. */
    private record Loaded(ServedModel model, Optional<String> sha256) {}

    /** A version that did not load, and the content that did not. */
    private record Failed(KitchenException failure, Optional<String> sha256) {}

    /** Whether that very content is in memory. */
    boolean has(VersionInfo version) {
        Loaded present = loaded.get(version.version());
        return present != null && isSame(present.sha256, version.sha256());
    }

    /** Whether that very content did not load. */
    boolean hasFailed(VersionInfo version) {
        Failed failed = failures.get(version.version());
        return failed != null && isSame(failed.sha256, version.sha256());
    }

    /** A plain file that became part of a registry got its hash only then. */
    private static boolean isSame(Optional<String> before, Optional<String> now) {
        return before.isEmpty() || before.equals(now);
    }

    Optional<ServedModel> find(String version) {
        return Optional.ofNullable(loaded.get(version)).map(Loaded::model);
    }

    Optional<KitchenException> failure(String version) {
        return Optional.ofNullable(failures.get(version)).map(Failed::failure);
    }

    Map<String, ServedModel> byVersion() {
        Map<String, ServedModel> models = new HashMap<>();
        loaded.forEach((version, it) -> models.put(version, it.model));
        return models;
    }

    /** Takes a version in; other content under its name leaves. False if it is in already, or is retired. */
    boolean add(VersionInfo version, ServedModel model) {
        Loaded present = loaded.get(version.version());
        if (model.isRetired() || (present != null && present.model.equals(model))) {
            return false;
        }
        failures.remove(version.version());
        loaded.put(version.version(), new Loaded(model, version.sha256()));
        if (present != null) {
            leaving.add(present.model);
        }
        return true;
    }

    void failed(VersionInfo version, KitchenException failure) {
        failures.put(version.version(), new Failed(failure, version.sha256()));
    }

    /** Lets all others leave. */
    void retain(BiPredicate<String, ServedModel> stays) {
        loaded.entrySet().removeIf(it -> {
            boolean leaves = !stays.test(it.getKey(), it.getValue().model);
            if (leaves) {
                leaving.add(it.getValue().model);
            }
            return leaves;
        });
    }

    /** Who leaves answers nobody new: to be called once nobody new can find them. */
    void retireLeaving() {
        leaving.forEach(ServedModel::retire);
        leaving.removeIf(it -> it.awaitFreed(0));
    }

    /** What may still hold a session. */
    List<ServedModel> unfreed() {
        List<ServedModel> all = new ArrayList<>(leaving);
        loaded.values().forEach(it -> all.add(it.model));
        return all;
    }

    VersionInfo.RuntimeFacts runtime(String version) {
        return RuntimeState.of(
                find(version),
                leaving.stream().filter(it -> it.version().equals(version)).toList(),
                failure(version));
    }
}
