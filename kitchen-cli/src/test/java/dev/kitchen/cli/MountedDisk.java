package dev.kitchen.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A small file system in memory that can be filled or made read-only; skips the test where it cannot be mounted. */
record MountedDisk(Path place) implements AutoCloseable {

    static MountedDisk at(Path place, String size) throws IOException {
        mount("-t", "tmpfs", "-o", "size=" + size, "kitchen", place.toString());
        return new MountedDisk(place);
    }

    private static void mount(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        String problem;
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            problem = process.onExit().join().exitValue() == 0 ? "" : output;
        } catch (IOException e) {
            problem = e.toString();
        }
        if (!problem.isEmpty()) {
            Assumptions.abort("SKIPPED, no disk can be mounted here: " + problem);
        }
    }

    void makeReadOnly() throws IOException {
        mount("-o", "remount,ro", place.toString());
    }

    void fill() throws IOException {
        byte[] block = new byte[512];
        Path filler = place.resolve("filler");
        try {
            for (int i = 0; i < 1_000_000; i++) {
                Files.write(filler, block, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            return;
        }
        throw new AssertionError(place + " is not small");
    }

    @Override
    public void close() throws IOException {
        new ProcessBuilder("umount", place.toString()).start().onExit().join();
    }
}
