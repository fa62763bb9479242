package dev.kitchen.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What of the document's file is different once it was replaced. */
record DocumentStamp(
        long size, @Nullable FileTime modified, @Nullable Object key) {

    private static final DocumentStamp MISSING = new DocumentStamp(-1, null, null);

    static DocumentStamp of(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new DocumentStamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            return MISSING;
        }
    }
}
