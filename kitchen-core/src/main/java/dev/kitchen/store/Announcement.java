package dev.kitchen.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A note in the staging directory that a process is about to publish a version's files. Where the process died before the
 * document named them, the note tells whose they were: what else lies among the models is never touched.
 *
 * @param note the file; its content begins with its owner's mark
 */
record Announcement(Path note, String model, String version) {

    static final String SUFFIX = ".publishing";

    private static final int MAX_BYTES = 1000;

    static Announcement write(Path note, StagingOwner owner, String model, String version) throws IOException {
        byte[] content = (owner.mark() + "\n" + model + "\n" + version).getBytes(StandardCharsets.UTF_8);
        Durably.write(note, content, () -> {});
        return new Announcement(note, model, version);
    }

    /** The announcement that a file is; empty if it is none, or was cut off. */
    static Optional<Announcement> read(Path note) throws IOException {
        if (!note.getFileName().toString().endsWith(SUFFIX)
                || !Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)
                || Files.size(note) > MAX_BYTES) {
            return Optional.empty();
        }
        String[] lines = Files.readString(note).split("\n", -1);
        boolean isWhole = lines.length == 3
                && Names.problemOfModel(lines[1]).isEmpty()
                && Names.problemOfVersion("version", lines[2]).isEmpty();
        return isWhole ? Optional.of(new Announcement(note, lines[1], lines[2])) : Optional.empty();
    }

    boolean isOf(String otherModel, String otherVersion) {
        return model.equals(otherModel) && version.equals(otherVersion);
    }
}
