package dev.kitchen.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Makes the other version of {@code m} current, over and over, and stops for good at a step of the first write. */
final class FlipsVersions {

    static final String NO_STEP = "none";

    private FlipsVersions() {}

    public static void main(String[] arguments) {
        Path root = Path.of(arguments[0]);
        FileControlStore store = FileControlStore.in(root, Duration.ofSeconds(30), Clock.systemUTC(), step -> {
            if (step.name().equals(arguments[1])) {
                System.out.println(step);
                while (true) {
                    LockSupport.park();
                }
            }
        });
        try (RegistryDirectory registry = RegistryDirectory.open(root, store)) {
            while (true) {
                String other = Registries.current(registry.refresh()).equals("1") ? "2" : "1";
                System.out.println(registry.activate("m", other, "activate").generation());
            }
        }
    }
}
