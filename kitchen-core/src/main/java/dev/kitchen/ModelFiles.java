package dev.kitchen;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The model files at a path, by the name their endpoint gets: the file's name without its suffix. */
final class ModelFiles {

    private ModelFiles() {}

    /**
     * One file, or all model files directly inside a directory.
     *
     * @throws ModelLoadException if the path cannot be read
     * @throws ConfigurationException if two files claim the same name
     */
    static Map<String, Path> at(Path path, Backends backends) {
        if (Files.isDirectory(path)) {
            return inDirectory(path, backends);
        }
        if (!Files.exists(path)) {
            throw new ModelLoadException("models at " + path.toAbsolutePath()
                    + ": does not exist, expected a model file or a directory of model files");
        }
        return Map.of(name(path), path);
    }

    private static Map<String, Path> inDirectory(Path directory, Backends backends) {
        Map<String, Path> files = new TreeMap<>();
        for (Path file : list(directory)) {
            if (Files.isRegularFile(file) && backends.looksLikeModel(file)) {
                Path other = files.put(name(file), file);
                if (other != null) {
                    throw new ConfigurationException(
                            "directory " + directory + ": " + other.getFileName() + " and " + file.getFileName()
                                    + " both make the endpoint '" + name(file) + "', expected one of them");
                }
            }
        }
        return files;
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new ModelLoadException("directory " + directory + ": cannot be read: " + e, e);
        }
    }

    private static String name(Path file) {
        String fileName = file.getFileName().toString();
        int dot = fileName.lastIndexOf('.');
        return dot > 0 ? fileName.substring(0, dot) : fileName;
    }
}
