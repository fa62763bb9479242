package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A small file system with options of its own, where this user may mount one. */
final class SmallMount implements AutoCloseable {

    private final Path place;
    private final boolean mounted;
    private final String reason;

    private SmallMount(Path place, boolean mounted, String reason) {
        this.place = place;
        this.mounted = mounted;
        this.reason = reason;
    }

    static SmallMount at(Path place, String options) throws InterruptedException {
        try {
            Process mount = new ProcessBuilder(
                            List.of("mount", "-t", "tmpfs", "-o", "mode=700," + options, "kitchen", place.toString()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new SmallMount(place, mount.waitFor() == 0, output.strip());
        } catch (IOException e) {
            return new SmallMount(place, false, e.toString());
        }
    }

    boolean isMounted() {
        return mounted;
    }

    String reason() {
        return reason;
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            new ProcessBuilder(List.of("umount", place.toString()))
                    .start()
                    .onExit()
                    .join();
        }
    }
}
