package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.KitchenException;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A registry of models whose answers tell their version, and whatever can be done to it while they answer. */
final class FuzzRegistry {

    private final ModelRegistry registry;
    private final Path sources;

    FuzzRegistry(ModelRegistry registry, Path sources) {
        this.registry = registry;
        this.sources = sources;
    }

    /** Two versions of each of so many models, the second one known as {@link FuzzCaller#ALIAS}. */
    void fill(int models) throws IOException {
        for (int i = 0; i < models; i++) {
            deploy("m" + i, "1");
            deploy("m" + i, "2");
            registry.alias("m" + i, FuzzCaller.ALIAS, "2");
        }
    }

    void deploy(String model, String version) throws IOException {
        Path file = FakeBackend.writeModel(
                Files.createTempDirectory(sources, "deploy"), model, FuzzCall.tag(model, version));
        registry.deploy(DeployRequest.of(model, file).version(version).build());
    }

    /** A file that is no model is refused, whatever else goes on. */
    void deployGarbage(String model, String version) throws IOException {
        Path file = Files.createTempDirectory(sources, "garbage").resolve(model + FakeBackend.SUFFIX);
        Files.writeString(file, "garbage");

        assertThatThrownBy(() -> registry.deploy(
                        DeployRequest.of(model, file).version(version).build()))
                .isInstanceOf(KitchenException.class);
    }

    /**
     * One thing at random.
     *
     * @param next the version to deploy, if it comes to that
     */
    void operate(SplittableRandom random, String next) throws IOException {
        operate(random, "m" + random.nextInt(registry.list().size()), next);
    }

    /** As the other, to one model. */
    void operate(SplittableRandom random, String model, String next) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> registry.activate(model, "1");
            case 1 -> registry.activate(model, "2");
            case 2 -> {
                deploy(model, next);
                registry.activate(model, next);
            }
            default -> {
                if (!registry.describe(model).previousVersions().isEmpty()) {
                    registry.rollback(model);
                }
            }
        }
    }
}
