package dev.kitchen.store;

import dev.kitchen.registry.DeployRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Deploys a file as a version of {@code m}, or as the next one, and stops for good on its way. */
final class DeploysOnce {

    /** Before anything is registered. */
    static final String STAGED = "STAGED";

    static final String NEXT = "next";

    private DeploysOnce() {}

    public static void main(String[] arguments) {
        DeployRequest.Builder request = DeployRequest.of("m", Path.of(arguments[1]));
        if (!arguments[2].equals(NEXT)) {
            request.version(arguments[2]);
        }
        FileControlStore store = FileControlStore.in(
                Path.of(arguments[0]),
                Duration.ofSeconds(30),
                Clock.systemUTC(),
                step -> stopAt(arguments[3], step.name()));
        RegistryDirectory registry = RegistryDirectory.open(Path.of(arguments[0]), store);
        StagedVersion staged = registry.stage(request.build());
        stopAt(arguments[3], STAGED);
        registry.register(staged, request.build(), Registries.LOADED, false);
    }

    private static void stopAt(String wanted, String here) {
        if (here.equals(wanted)) {
            System.out.println(here);
            while (true) {
                LockSupport.park();
            }
        }
    }
}
