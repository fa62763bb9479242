package dev.kitchen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Writes files as the kubelet does it for config maps: into a new directory, which a link names from one moment on. */
final class KubernetesVolume {

    private final Path directory;
    private int writes;

    KubernetesVolume(Path directory) {
        this.directory = directory;
    }

    /** Makes these the files of the volume; those before are gone afterwards. */
    void write(Map<String, String> files) throws IOException {
        writes++;
        Path data = directory.resolve("..data");
        Optional<Path> before =
                Files.isSymbolicLink(data) ? Optional.of(Files.readSymbolicLink(data)) : Optional.empty();
        String content = "..2026_11_28_12_00_0" + writes + "." + (100000 + writes);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = directory.resolve(content).resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(content));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        for (String name : new TreeSet<>(
                files.keySet().stream().map(it -> it.split("/", 2)[0]).toList())) {
            if (Files.notExists(directory.resolve(name))) {
                Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
            }
        }
        if (before.isPresent()) {
            delete(directory.resolve(before.get()));
        }
    }

    private static void delete(Path path) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
