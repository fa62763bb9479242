package dev.kitchen.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small file system of its own, where this user may mount one; the test is skipped where not. */
final class SmallDisk implements AutoCloseable {

    private final Path place;

    private SmallDisk(Path place) {
        this.place = place;
    }

    static SmallDisk at(Path place, String size) throws IOException, InterruptedException {
        String problem = run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size, "kitchen", place.toString());
        assumeTrue(problem.isEmpty(), problem);
        return new SmallDisk(place);
    }

    void makeReadOnly() throws IOException, InterruptedException {
        String problem = run("mount", "-o", "remount,ro", place.toString());
        assumeTrue(problem.isEmpty(), problem);
    }

    /** Empty if it went well. */
    private static String run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : "cannot mount: " + output.strip();
        } catch (IOException e) {
            return "cannot mount: " + e;
        }
    }

    @Override
    public void close() throws IOException {
        new ProcessBuilder("umount", place.toString()).start().onExit().join();
    }
}
