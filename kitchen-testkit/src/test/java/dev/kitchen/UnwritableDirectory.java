package dev.kitchen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A directory nobody can write to for a while, not even root: it is mounted over itself, read-only. */
final class UnwritableDirectory implements AutoCloseable {

    private final Path directory;

    private UnwritableDirectory(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where neither a mount nor permissions keep this process from writing. */
    static UnwritableDirectory make(Path directory) throws IOException {
        String place = directory.toString();
        if (!run("mount", "--bind", place, place)) {
            directory.toFile().setWritable(false);
        } else {
            run("mount", "-o", "remount,ro,bind", place);
        }
        UnwritableDirectory made = new UnwritableDirectory(directory);
        if (Files.isWritable(directory)) {
            made.close();
            Assumptions.abort("cannot make a directory read-only on this machine");
        }
        return made;
    }

    Path directory() {
        return directory;
    }

    private static boolean run(String... command) throws IOException {
        return new ProcessBuilder(List.of(command))
                        .redirectErrorStream(true)
                        .start()
                        .onExit()
                        .join()
                        .exitValue()
                == 0;
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", directory.toString())) {
            directory.toFile().setWritable(true);
        }
    }
}
