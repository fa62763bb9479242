package dev.kitchen.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Directories with all that is in them; links are never followed. */
final class FileTree {

    private FileTree() {}

    /** Everything in it that is not a directory, links too, in the order of their paths. */
    static List<Path> files(Path directory) throws IOException {
        return walk(directory).stream()
                .filter(it -> !Files.isDirectory(it, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** It and the directories in it, the inner ones first. */
    static List<Path> directories(Path directory) throws IOException {
        return walk(directory).stream()
                .filter(it -> Files.isDirectory(it, LinkOption.NOFOLLOW_LINKS))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private static List<Path> walk(Path start) throws IOException {
        try (Stream<Path> paths = Files.walk(start)) {
            return paths.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The same on all systems. */
    static String relative(Path directory, Path file) {
        Path relative = directory.relativize(file);
        return Stream.iterate(0, it -> it < relative.getNameCount(), it -> it + 1)
                .map(it -> relative.getName(it).toString())
                .collect(Collectors.joining("/"));
    }

    /** Deletes a file, or a directory with all that is in it; it may be gone already. */
    static void delete(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            List<Path> all = new ArrayList<>(walk(path));
            Collections.reverse(all);
            for (Path inner : all) {
                Files.deleteIfExists(inner);
            }
        }
    }
}
