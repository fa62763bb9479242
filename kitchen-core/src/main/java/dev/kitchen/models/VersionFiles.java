package dev.kitchen.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a version's files looked like at one moment: the file, or what lies directly in the directory. Cheap, as no content
 * is read.
 *
 * @param files by name; empty where nothing is there
 */
record VersionFiles(Map<String, FileStamp> files) {

    private static final int MAX_FILES = 1000;

    static VersionFiles of(Path path) {
        Map<String, FileStamp> files = new TreeMap<>();
        if (Files.isDirectory(path)) {
            try (Stream<Path> inside = Files.list(path)) {
                inside.limit(MAX_FILES).forEach(it -> add(files, it));
            } catch (IOException | UncheckedIOException e) {
                files.clear();
            }
        } else if (Files.exists(path)) {
            add(files, path);
        }
        return new VersionFiles(files);
    }

    private static void add(Map<String, FileStamp> files, Path file) {
        files.put(file.getFileName().toString(), FileStamp.of(file));
    }

    /** Which of these files are there no more. */
    List<String> missingIn(VersionFiles now) {
        return files.keySet().stream().filter(it -> !now.files.containsKey(it)).toList();
    }
}
