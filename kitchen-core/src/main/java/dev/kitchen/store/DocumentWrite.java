package dev.kitchen.store;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.spi.ControlDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One replacement of the document, by whoever holds the lock. Until the new file is moved into place nothing has changed;
 * afterwards everything has.
 */
final class DocumentWrite {

    /** Files of writers that died are deleted once they are so old; the clocks of machines differ. */
    private static final Duration STALE_AFTER = Duration.ofMinutes(10);

    private final Path root;
    private final DocumentFile document;
    private final Consumer<WriteStep> steps;
    private final Clock clock;

    DocumentWrite(Path root, DocumentFile document, Consumer<WriteStep> steps, Clock clock) {
        this.root = root;
        this.document = document;
        this.steps = steps;
        this.clock = clock;
    }

    /**
     * Puts a new document in the place of the old one.
     *
     * @param old empty where there is none
     */
    void replace(byte[] old, ControlDocument next) throws IOException {
        requireReplaceable();
        deleteStale();
        Path temporary = root.resolve(String.join(
                ".",
                DocumentFile.NAME,
                Long.toString(next.generation()),
                Long.toString(ProcessHandle.current().pid()),
                UUID.randomUUID().toString().substring(0, 8),
                "tmp"));
        try {
            writeVerified(temporary, next.json().getBytes(StandardCharsets.UTF_8));
            if (old.length > 0) {
                backUp(old);
            }
            Durably.move(temporary, document.path());
        } finally {
            Files.deleteIfExists(temporary);
        }
        steps.accept(WriteStep.MOVED);
        force();
        steps.accept(WriteStep.FORCED);
    }

    /** A link is replaced, not what it points to: whoever made it would not find the change there. */
    private void requireReplaceable() {
        if (Files.isSymbolicLink(document.path())) {
            throw new RegistryException(
                    Reason.UNWRITABLE, document.path() + ": is a symbolic link, expected a file to replace");
        }
    }

    private void writeVerified(Path temporary, byte[] next) throws IOException {
        Durably.write(temporary, next, () -> steps.accept(WriteStep.HALF_WRITTEN));
        steps.accept(WriteStep.WRITTEN);
        if (!Arrays.equals(Files.readAllBytes(temporary), next)) {
            throw new IOException(temporary + ": comes back from the disk other than it was written");
        }
        steps.accept(WriteStep.VERIFIED);
    }

    private void backUp(byte[] old) throws IOException {
        Path temporary = root.resolve(DocumentFile.BACKUP_NAME + ".tmp");
        try {
            Durably.write(temporary, old, () -> {});
            steps.accept(WriteStep.BACKUP_WRITTEN);
            Durably.move(temporary, root.resolve(DocumentFile.BACKUP_NAME));
        } finally {
            Files.deleteIfExists(temporary);
        }
        steps.accept(WriteStep.BACKED_UP);
    }

    private void force() {
        try {
            Durably.forceDirectory(root);
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNWRITABLE,
                    document.path() + ": is changed, but the directory cannot be forced to the disk: " + e
                            + "; a power failure may undo the change",
                    e);
        }
    }

    private void deleteStale() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root, DocumentFile.NAME + ".*.tmp")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(clock.instant().minus(STALE_AFTER))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
