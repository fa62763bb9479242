package dev.kitchen.models;

import dev.kitchen.registry.VersionInfo;
import dev.kitchen.store.RegistryDirectory;
import dev.kitchen.store.RegistrySnapshot;
import java.nio.file.Path;
import java.util.List;

/** The models of a registry. */
final class RegisteredModels implements ModelSource {

    private final RegistryDirectory directory;

    RegisteredModels(RegistryDirectory directory) {
        this.directory = directory;
    }

    @Override
    public RegistrySnapshot look() {
        return directory.refresh();
    }

    @Override
    public Path artifact(VersionInfo version) {
        return directory.artifact(version);
    }

    @Override
    public List<String> verify(VersionInfo version) {
        return directory.verify(version);
    }

    @Override
    public boolean isRegistry() {
        return true;
    }
}
