package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.json.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code registry.json} and the file with the generation before it, as they are read. */
final class DocumentFile {

    static final String NAME = "registry.json";
    static final String BACKUP_NAME = NAME + ".bak";
    static final String GENERATION = "$generation";
    static final String WRITER = "$writer";

    static final int MAX_BYTES = 50_000_000;

    private final Path file;
    private final Path backup;

    DocumentFile(Path root) {
        this.file = root.resolve(NAME);
        this.backup = root.resolve(BACKUP_NAME);
    }

    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(NAME)) || Files.exists(directory.resolve(BACKUP_NAME));
    }

    Path path() {
        return file;
    }

    /**
     * Its bytes; empty where nobody ever wrote.
     *
     * @throws RegistryException {@code DAMAGED} if it cannot be read, or is gone although there is a backup
     */
    Optional<byte[]> bytes() {
        try {
            // Whoever finds no file and then a backup may have missed the first two writes in between.
            return Files.notExists(file) && Files.notExists(backup) ? Optional.empty() : Optional.of(bytes(file));
        } catch (NoSuchFileException e) {
            throw damaged(file + ": is missing, expected the document", e);
        } catch (IOException e) {
            throw damaged(file + ": cannot be read: " + e, e);
        }
    }

    private static byte[] bytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    /**
     * The document that the bytes are.
     *
     * @throws RegistryException {@code DAMAGED}, saying where, and what there is to go back to
     */
    JsonTree parse(byte[] bytes) {
        return parse(file, bytes);
    }

    JsonTree parse(Path place, byte[] bytes) {
        try {
            JsonTree tree = JsonTree.parse(place.toString(), bytes, MAX_BYTES);
            generation(place, tree);
            return tree;
        } catch (InvalidRequestException e) {
            throw damaged(e);
        }
    }

    /** What the document says of itself; 0 where it says nothing. */
    static long generation(Path place, JsonTree document) {
        document.members(place.toString());
        long generation = document.member(GENERATION)
                .map(it -> it.integer(place + ": '" + GENERATION + "'"))
                .orElse(0L);
        if (generation < 0) {
            throw new InvalidRequestException(
                    place + ": '" + GENERATION + "' is " + generation + ", expected 0 or more");
        }
        return generation;
    }

    RegistryException damaged(InvalidRequestException cause) {
        return damaged(String.valueOf(cause.getMessage()), cause);
    }

    private RegistryException damaged(String problem, Throwable cause) {
        return new RegistryException(Reason.DAMAGED, problem + "; " + wayBack(), cause);
    }

    /** What a person can do about a damaged document. */
    private String wayBack() {
        try {
            JsonTree document = JsonTree.parse(backup.toString(), bytes(backup), MAX_BYTES);
            return backup + " holds generation " + generation(backup, document) + ": 'kitchen recover "
                    + backup.getParent() + "' goes back to that";
        } catch (NoSuchFileException e) {
            return "there is no " + BACKUP_NAME + " beside it";
        } catch (IOException | InvalidRequestException e) {
            return backup + " is damaged, too";
        }
    }

    /** Who wrote last, in words. */
    String lastWriter() {
        try {
            return bytes().map(this::parse)
                    .flatMap(it -> it.member(WRITER))
                    .map(it -> "last written by " + it.toLine())
                    .orElse("nobody wrote it yet");
        } catch (RegistryException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
