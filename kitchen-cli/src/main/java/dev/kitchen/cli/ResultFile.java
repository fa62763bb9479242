package dev.kitchen.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where results are written: standard output, or a file that appears under its name once it is complete, so that nobody
 * takes half an answer for a whole one.
 */
final class ResultFile implements AutoCloseable {

    private final OutputStream out;
    private final Optional<Path> unfinished;
    private final Optional<Path> target;

    private ResultFile(OutputStream out, Optional<Path> unfinished, Optional<Path> target) {
        this.out = out;
        this.unfinished = unfinished;
        this.target = target;
    }

    static ResultFile open(Optional<Path> file, Terminal terminal) throws IOException {
        if (file.isEmpty()) {
            return new ResultFile(terminal.out(), Optional.empty(), Optional.empty());
        }
        Path target = file.get();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            return new ResultFile(Files.newOutputStream(target), Optional.empty(), file);
        }
        Path unfinished = target.resolveSibling(
                target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16);
        return new ResultFile(out, Optional.of(unfinished), file);
    }

    OutputStream out() {
        return out;
    }

    /** All is written. */
    void complete() throws IOException {
        out.flush();
        if (target.isPresent()) {
            out.close();
        }
        if (unfinished.isPresent() && target.isPresent()) {
            Files.move(unfinished.get(), target.get(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        if (target.isPresent()) {
            out.close();
        }
        if (unfinished.isPresent()) {
            Files.deleteIfExists(unfinished.get());
        }
    }
}
