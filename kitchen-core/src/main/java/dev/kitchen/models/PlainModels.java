package dev.kitchen.models;

import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.store.Edition;
import dev.kitchen.store.RegistrySnapshot;
import dev.kitchen.store.VersionOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model file, or a directory of them without a registry. A file that changed is a new version, and versions count up
 * from 1; a directory {@code <name>/<version>/} says itself which version it has.
 */
final class PlainModels implements ModelSource {

    private final Path path;
    private final Backends backends;
    private final Map<String, Attempt> attempts = new HashMap<>();
    private long looks;

    /** What a file looked like when it got its version. */
    private record Attempt(FileStamp stamp, int version) {}

    PlainModels(Path path, Backends backends) {
        this.path = path;
        this.backends = backends;
    }

    @Override
    public synchronized RegistrySnapshot look() {
        Map<String, ModelInfo> models = new TreeMap<>();
        ModelFiles.at(path, backends).forEach((name, versions) -> models.put(name, model(name, versions)));
        return new RegistrySnapshot(new Edition(false, ++looks), models);
    }

    private ModelInfo model(String name, ModelFiles.Found found) {
        List<VersionInfo> versions = found.versions().isEmpty()
                ? List.of(counted(name, found.file()))
                : VersionOrder.oldestFirst(found.versions().entrySet().stream()
                        .map(it -> VersionInfo.builder(name, it.getKey(), it.getValue())
                                .build())
                        .toList());
        Optional<String> newest = Optional.of(versions.get(versions.size() - 1).version());
        return new ModelInfo(name, true, newest, List.of(), Map.of(), VersionPolicy.DEFAULT, versions);
    }

    private VersionInfo counted(String name, Path file) {
        FileStamp stamp = FileStamp.of(file);
        Attempt attempt = attempts.compute(
                name,
                (key, last) -> last == null
                        ? new Attempt(stamp, 1)
                        : last.stamp.equals(stamp) ? last : new Attempt(stamp, last.version + 1));
        return VersionInfo.builder(name, Integer.toString(attempt.version), file)
                .build();
    }

    @Override
    public Path artifact(VersionInfo version) {
        return version.path();
    }

    @Override
    public List<String> verify(VersionInfo version) {
        return List.of();
    }

    @Override
    public boolean isRegistry() {
        return false;
    }
}
