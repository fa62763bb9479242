package dev.kitchen.onnx;

import ai.onnxruntime.OrtEnvironment;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kitchen.Kitchen;
import dev.kitchen.onnx.natives.NativePlatform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.HdrHistogram.AtomicHistogram;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleLogger;

/** A whole application in one jar: Kitchen, ONNX Runtime for this platform, a logger, and the classes of the tests. */
final class FatJar {

    private static final List<Class<?>> FROM = List.of(
            AsksOnce.class,
            Kitchen.class,
            OnnxBackend.class,
            OrtEnvironment.class,
            AtomicHistogram.class,
            Caffeine.class,
            Hashing.class,
            io.github.resilience4j.circuitbreaker.CircuitBreaker.class,
            io.github.resilience4j.core.EventConsumer.class,
            LoggerFactory.class,
            SimpleLogger.class);

    private FatJar() {}

    static Path write(Path jar, Class<?> main, boolean nativeAccess) throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, main.getName());
        if (nativeAccess) {
            attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        }
        Set<String> written = new HashSet<>(Set.of("META-INF/MANIFEST.MF"));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file, manifest)) {
            output.setLevel(Deflater.NO_COMPRESSION);
            for (Class<?> type : FROM) {
                Path source = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (Files.isDirectory(source)) {
                    copy(source, output, written);
                } else {
                    try (FileSystem content = FileSystems.newFileSystem(source)) {
                        copy(content.getPath("/"), output, written);
                    }
                }
            }
        }
        return jar;
    }

    private static void copy(Path root, JarOutputStream output, Set<String> written) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String name = root.relativize(file).toString();
                if (isWanted(name) && written.add(name)) {
                    copy(file, name, output);
                }
            });
        }
    }

    private static boolean isWanted(String name) {
        String natives = "ai/onnxruntime/native/";
        return !name.equals("module-info.class")
                && (!name.startsWith(natives) || name.startsWith(natives + NativePlatform.current()));
    }

    private static void copy(Path file, String name, JarOutputStream output) {
        try (InputStream content = Files.newInputStream(file)) {
            output.putNextEntry(new ZipEntry(name));
            content.transferTo(output);
            output.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
