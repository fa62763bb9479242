package dev.kitchen.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What of a file's outside changes when somebody replaces it. */
record FileStamp(
        long size, @Nullable FileTime modified, @Nullable Object key) {

    private static final FileStamp UNREADABLE = new FileStamp(-1, null, null);

    static FileStamp of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        } catch (IOException e) {
            return UNREADABLE;
        }
    }
}
