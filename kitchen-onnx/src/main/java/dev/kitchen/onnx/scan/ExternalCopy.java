package dev.kitchen.onnx.scan;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a model's files in a directory of this user's, while the model is loaded. ONNX Runtime maps external data into
 * memory and reads it when it is needed: if somebody else changed the file then, answers would change, and if it was cut
 * off, the process would end. Deleting the copy after loading leaves what is mapped.
 */
final class ExternalCopy {

    private static final Logger LOGGER = LoggerFactory.getLogger(ExternalCopy.class);
    private static final String PREFIX = "kitchen-external-";

    /** A process that was killed has left such a directory behind. */
    private static final Duration STALE_AFTER = Duration.ofDays(1);

    private ExternalCopy() {}

    /**
     * Copies files.
     *
     * @param locations the files by the names under which the model knows them
     * @return the directory
     * @throws IOException if there is no room; nothing is left behind then
     */
    static Path make(Map<String, Path> locations) throws IOException {
        sweep();
        Path directory = Files.createTempDirectory(PREFIX);
        try {
            for (Map.Entry<String, Path> file : locations.entrySet()) {
                Path copy = directory.resolve(file.getKey()).normalize();
                Files.createDirectories(copy.getParent());
                Files.copy(file.getValue(), copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return directory;
        } catch (IOException | RuntimeException | Error e) {
            delete(directory);
            throw e;
        }
    }

    /** Deletes a copy; what cannot be deleted now goes a day later. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOGGER.debug("cannot delete {}", directory, e);
        }
    }

    private static void sweep() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", ""));
        Instant limit = Instant.now().minus(STALE_AFTER);
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path directory : directories) {
                if (Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(limit)
                        && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    delete(directory);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.debug("cannot sweep {}", temporary, e);
        }
    }
}
