package dev.kitchen.store;

import dev.kitchen.registry.DeployRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Registries with something in them. */
final class Registries {

    private Registries() {}

    static Path model(Path directory, String content) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(Files.createTempFile(directory, "model", ".onnx"), content);
    }

    static String deploy(RegistryDirectory registry, DeployRequest request) {
        try (StagedVersion staged = registry.stage(request)) {
            registry.register(staged, request, "fake", request.activate());
            return staged.version();
        }
    }

    /** Deploys a file as the next version. */
    static String deploy(RegistryDirectory registry, String model, Path file) {
        return deploy(registry, DeployRequest.of(model, file).build());
    }

    /** A model {@code m} with versions 1, which is current, and 2. */
    static RegistryDirectory withTwoVersions(Path root, Path scratch) throws IOException {
        RegistryDirectory registry = RegistryDirectory.open(root);
        deploy(
                registry,
                DeployRequest.of("m", model(scratch, "one")).version("1").build());
        deploy(
                registry,
                DeployRequest.of("m", model(scratch, "two")).version("2").build());
        return registry;
    }

    static String current(RegistrySnapshot snapshot) {
        return snapshot.model("m").orElseThrow().currentVersion().orElseThrow();
    }
}
