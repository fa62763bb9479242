package dev.kitchen.models;

import dev.kitchen.registry.VersionInfo;
import dev.kitchen.store.RegistrySnapshot;
import java.nio.file.Path;
import java.util.List;

/** Where a kitchen's models come from: plain files, or a registry. Used by many threads. */
interface ModelSource {

    /**
     * What there is now.
     *
     * @throws dev.kitchen.error.KitchenException if that cannot be read
     */
    RegistrySnapshot look();

    /**
     * Where a version's model file or directory is, looked at now.
     *
     * @throws dev.kitchen.error.KitchenException if it is not there, or not where it may be
     */
    Path artifact(VersionInfo version);

    /** What is wrong with a version's files, in words; looked at before they are loaded. Empty if all is well. */
    List<String> verify(VersionInfo version);

    /** Whether this is a registry, where a model that does not load can be mended while the kitchen is open. */
    boolean isRegistry();
}
