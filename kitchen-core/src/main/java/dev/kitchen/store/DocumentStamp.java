package dev.kitchen.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What of the document's file is different once it was replaced. Two writes within a tick of the file system's clock may
 * leave all the rest as it was, so its beginning is looked at, where the generation stands.
 */
record DocumentStamp(
        long size, @Nullable FileTime modified, @Nullable Object key, String beginning) {

    private static final int BEGINNING = 256;

    private static final DocumentStamp MISSING = new DocumentStamp(-1, null, null, "");

    static DocumentStamp of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            String beginning = new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1);
            return new DocumentStamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey(), beginning);
        } catch (NoSuchFileException e) {
            return MISSING;
        }
    }
}
