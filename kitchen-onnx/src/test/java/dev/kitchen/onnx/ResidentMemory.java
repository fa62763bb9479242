package dev.kitchen.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much of this process is in memory, as Linux counts it. */
final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    static boolean isKnown() {
        return Files.exists(STATUS);
    }

    /** In KiB, after a collection. */
    static long kib() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream()
                .filter(it -> it.startsWith("VmRSS:"))
                .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
