package dev.kitchen.store;

import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Registries with something in them. */
final class Registries {

    static final LoadedAs LOADED = new LoadedAs(
            "fake",
            ModelSignature.of(
                    List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 2))),
                    List.of(new TensorSpec("y", DataType.INT64, Shape.of(-1)))));

    private Registries() {}

    static Path model(Path directory, String content) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(Files.createTempFile(directory, "model", ".onnx"), content);
    }

    static String deploy(RegistryDirectory registry, DeployRequest request) {
        try (StagedVersion staged = registry.stage(request)) {
            registry.register(staged, request, LOADED, request.activate());
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
