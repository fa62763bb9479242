package dev.kitchen.models;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The models at a path, by the name their endpoint gets. */
final class ModelFiles {

    private ModelFiles() {}

    /**
     * One model: a file, whose version is nowhere written, or version directories by version.
     *
     * @param file the file, or the directory of the versions
     */
    record Found(Path file, Map<String, Path> versions) {}

    /**
     * One file; or all model files directly inside a directory, named without their suffix, and all its directories
     * {@code <name>/<version>/} with a model file. Hidden files, backups and the like are passed over.
     *
     * @throws ModelLoadException if the path cannot be read
     * @throws ConfigurationException if two files claim the same name
     */
    static Map<String, Found> at(Path path, Backends backends) {
        if (Files.isDirectory(path)) {
            return inDirectory(path, backends);
        }
        if (!Files.exists(path)) {
            throw new ModelLoadException("models at " + path.toAbsolutePath()
                    + ": does not exist, expected a model file or a directory of model files");
        }
        return Map.of(name(path), new Found(path, Map.of()));
    }

    private static Map<String, Found> inDirectory(Path directory, Backends backends) {
        Map<String, Found> models = new TreeMap<>();
        for (Path file : list(directory)) {
            if (isModel(file, backends)) {
                add(models, name(file), new Found(file, Map.of()), directory);
            } else if (Files.isDirectory(file) && !PlainNames.isLeftover(file)) {
                Map<String, Path> versions = versions(file, backends);
                if (!versions.isEmpty()) {
                    add(models, file.getFileName().toString(), new Found(file, versions), directory);
                }
            }
        }
        return models;
    }

    private static void add(Map<String, Found> models, String name, Found found, Path directory) {
        Found other = models.put(name, found);
        if (other != null) {
            throw new ConfigurationException("directory " + directory + ": "
                    + other.file().getFileName() + " and " + found.file().getFileName() + " both make the endpoint '"
                    + name + "', expected one of them");
        }
    }

    private static Map<String, Path> versions(Path directory, Backends backends) {
        Map<String, Path> versions = new TreeMap<>();
        for (Path version : list(directory)) {
            if (Files.isDirectory(version)
                    && PlainNames.isVersion(version)
                    && list(version).stream().anyMatch(it -> isModel(it, backends))) {
                versions.put(version.getFileName().toString(), version);
            }
        }
        return versions;
    }

    /**
     * The model file of a version: the path itself, or the only model file of a directory.
     *
     * @param named the file that the bundle names, where it does
     * @throws ModelLoadException if there is none, or more than one
     */
    static Path of(Path version, Optional<String> named, Backends backends) {
        if (!Files.isDirectory(version)) {
            return version;
        }
        if (named.isPresent()) {
            return version.resolve(named.get());
        }
        List<Path> files =
                list(version).stream().filter(it -> isModel(it, backends)).toList();
        if (files.size() != 1) {
            List<Path> names = files.stream().map(Path::getFileName).toList();
            throw new ModelLoadException("directory " + version + ": has " + files.size() + " model files " + names
                    + ", expected one; where there are more, kitchen.json names one as \"model\"");
        }
        return files.get(0);
    }

    private static boolean isModel(Path file, Backends backends) {
        return !PlainNames.isLeftover(file) && Files.isRegularFile(file) && backends.looksLikeModel(file);
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
