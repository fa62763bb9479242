package dev.kitchen.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process has in RAM, as Linux counts it. */
final class ResidentMemory {

    private static final String FIELD = "VmRSS:";

    private ResidentMemory() {}

    /** In bytes; 0 where the system does not say. */
    static long bytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(it -> it.startsWith(FIELD))
                    .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
