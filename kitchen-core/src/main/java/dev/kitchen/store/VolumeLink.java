package dev.kitchen.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The links that Kubernetes lays in the volumes of its config maps and secrets: {@code name -> ..data/name}, where
 * {@code ..data} is a link to the directory of the present content beside it, and is replaced when that changes.
 */
final class VolumeLink {

    private static final String DATA = "..data";

    private VolumeLink() {}

    /** What such a link leads to now, which stays what it is; empty of any other link, as that may lead anywhere. */
    static Optional<Path> target(Path link) throws IOException {
        Path name = link.getFileName();
        Path directory = link.resolveSibling("");
        Path data = directory.resolve(DATA);
        if (!Files.readSymbolicLink(link).equals(Path.of(DATA).resolve(name)) || !Files.isSymbolicLink(data)) {
            return Optional.empty();
        }
        Path content = Files.readSymbolicLink(data);
        boolean isBeside = content.getNameCount() == 1
                && content.toString().startsWith("..")
                && content.toString().length() > 2;
        Path target = directory.resolve(content).resolve(name);
        return isBeside
                        && Files.isDirectory(directory.resolve(content), LinkOption.NOFOLLOW_LINKS)
                        && !Files.isSymbolicLink(target)
                ? Optional.of(target)
                : Optional.empty();
    }
}
