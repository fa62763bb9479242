package dev.kitchen.onnx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A small file system mounted {@code noexec}, where this user may mount one. */
final class NoexecMount implements AutoCloseable {

    private final Path place;
    private final boolean mounted;
    private final String reason;

    private NoexecMount(Path place, boolean mounted, String reason) {
        this.place = place;
        this.mounted = mounted;
        this.reason = reason;
    }

    static NoexecMount at(Path place) throws InterruptedException {
        try {
            Process mount = new ProcessBuilder(List.of(
                            "mount", "-t", "tmpfs", "-o", "noexec,mode=700,size=64m", "kitchen", place.toString()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new NoexecMount(place, mount.waitFor() == 0, output.strip());
        } catch (IOException e) {
            return new NoexecMount(place, false, e.toString());
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
