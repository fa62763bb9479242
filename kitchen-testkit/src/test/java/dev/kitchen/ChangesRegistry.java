package dev.kitchen;

import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * Deploys, activates, rolls back and more, in a process of its own, until it is killed. Writes a line before each
 * operation. Arguments: the registry, a directory for sources, a seed.
 */
final class ChangesRegistry {

    private ChangesRegistry() {}

    public static void main(String[] arguments) throws IOException {
        Random random = new Random(Long.parseLong(arguments[2]));
        try (Kitchen kitchen = Kitchen.builder()
                .models(Path.of(arguments[0]))
                .backend(new FakeBackend())
                .watch(Duration.ofMillis(10))
                .open()) {
            for (int i = 0; ; i++) {
                System.out.println("operation " + i);
                change(kitchen.registry(), Path.of(arguments[1]), random);
            }
        }
    }

    /** One operation; that somebody else was faster may make it senseless, but nothing else may be wrong with it. */
    static void change(ModelRegistry registry, Path sources, Random random) throws IOException {
        try {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    Path source = Files.createTempDirectory(sources, "source");
                    FakeBackend.writeModel(source, "model", "tag" + random.nextLong());
                    DeployRequest.Builder request = DeployRequest.of("m", source.resolve("model.fake"));
                    registry.deploy((random.nextBoolean() ? request.activate() : request).build());
                }
                case 2 -> registry.rollback("m");
                case 3 -> registry.alias("m", "best", "latest");
                default -> registry.activate("m", "best");
            }
        } catch (RegistryException e) {
            if (e.reason() != RegistryException.Reason.CONFLICT) {
                throw e;
            }
        } catch (ModelNotFoundException e) {
            if (!String.valueOf(e.getMessage()).contains("best")) {
                throw e;
            }
        }
    }
}
