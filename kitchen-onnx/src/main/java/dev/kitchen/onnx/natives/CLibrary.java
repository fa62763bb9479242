package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which C library this Linux has: ONNX Runtime's libraries are built for glibc and do not load with musl. */
final class CLibrary {

    static final String MUSL_REMEDY =
            "use a base image with glibc, such as debian, ubuntu or eclipse-temurin without -alpine";

    private CLibrary() {}

    static boolean isMusl() {
        return isMusl(Path.of("/proc/self/maps"), Path.of("/lib"));
    }

    /** What this process has mapped decides; the files of the system are asked only where that cannot be read. */
    static boolean isMusl(Path maps, Path libraries) {
        try {
            return new String(Files.readAllBytes(maps), StandardCharsets.ISO_8859_1).contains("/ld-musl-");
        } catch (IOException e) {
            return hasMuslLoader(libraries);
        }
    }

    private static boolean hasMuslLoader(Path libraries) {
        try (DirectoryStream<Path> loaders = Files.newDirectoryStream(libraries, "ld-musl-*")) {
            return loaders.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }
}
