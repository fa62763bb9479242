package dev.kitchen.onnx.natives;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The shared libraries that this process has in memory, as Linux lists them. */
public final class MappedLibraries {

    private static final Path MAPS = Path.of("/proc/self/maps");

    /** ONNX Runtime's symbols carry its version: {@code VERS_1.28.0}. */
    private static final Pattern SYMBOL_VERSION = Pattern.compile("VERS_(\\d+\\.\\d+\\.\\d+)");

    private static final int CHUNK_BYTES = 1 << 20;

    private MappedLibraries() {}

    /** The mapped library of that file name. */
    public static Optional<MappedLibrary> find(String fileName) throws IOException {
        try (Stream<String> lines = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return lines.filter(it -> it.contains("/" + fileName))
                    .map(MappedLibraries::parse)
                    .findFirst();
        }
    }

    /** A line has: addresses, permissions, offset, device, inode, path. */
    private static MappedLibrary parse(String line) {
        String[] fields = line.split("\\s+", 6);
        return new MappedLibrary(
                Path.of(fields[5].replaceFirst(" \\(deleted\\)$", "")), fields[3], Long.parseLong(fields[4]));
    }

    /**
     * Does nothing where a library is of the version that is on the class path.
     *
     * @throws ConfigurationException if it is another one
     */
    public static void requireVersion(Path library, Optional<String> expected) throws IOException {
        Optional<String> actual = version(library);
        if (expected.isEmpty() || actual.isEmpty() || !actual.equals(expected)) {
            throw new ConfigurationException("ONNX Runtime " + actual.orElse("of unknown version")
                    + " is loaded already from " + library + ", and " + expected.orElse("an unknown version")
                    + " is on the class path");
        }
    }

    private static Optional<String> version(Path library) throws IOException {
        try (var content = Files.newInputStream(library)) {
            String rest = "";
            for (byte[] chunk = content.readNBytes(CHUNK_BYTES);
                    chunk.length > 0;
                    chunk = content.readNBytes(CHUNK_BYTES)) {
                String text = rest + new String(chunk, StandardCharsets.ISO_8859_1);
                Matcher matcher = SYMBOL_VERSION.matcher(text);
                if (matcher.find()) {
                    return Optional.of(matcher.group(1));
                }
                rest = text.substring(Math.max(0, text.length() - 32));
            }
            return Optional.empty();
        }
    }
}
