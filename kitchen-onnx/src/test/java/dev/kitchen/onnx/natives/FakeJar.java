package dev.kitchen.onnx.natives;

import ai.onnxruntime.OrtEnvironment;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/** Jars that pretend to be an onnxruntime jar. */
public final class FakeJar {

    private FakeJar() {}

    public static Path with(Path jar, String entry, String content) throws IOException {
        return with(jar, Map.of(entry, content));
    }

    public static Path with(Path jar, Map<String, String> entries) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                write(output, entry.getKey(), entry.getValue());
            }
        }
        return jar;
    }

    private static void write(JarOutputStream output, String entry, String content) throws IOException {
        output.putNextEntry(new ZipEntry(entry));
        output.write(content.getBytes(StandardCharsets.UTF_8));
        output.closeEntry();
    }

    /** The real jar's classes and this platform's libraries, under a manifest with another version. */
    public static Path relabelledRuntime(Path jar, String version) throws IOException, URISyntaxException {
        String natives = "ai/onnxruntime/native/";
        try (JarFile real = new JarFile(runtime().toFile());
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            output.setLevel(Deflater.NO_COMPRESSION);
            write(output, "META-INF/MANIFEST.MF", manifest(version));
            for (JarEntry entry : real.stream().toList()) {
                String name = entry.getName();
                boolean wanted = name.startsWith(natives)
                        ? name.startsWith(natives + NativePlatform.current())
                        : name.startsWith("ai/");
                if (wanted && !entry.isDirectory()) {
                    copy(real, entry, output);
                }
            }
        }
        return jar;
    }

    private static String manifest(String version) {
        return String.join(
                "\r\n",
                List.of(
                        "Manifest-Version: 1.0",
                        "Implementation-Title: onnxruntime",
                        "Implementation-Version: " + version,
                        "",
                        ""));
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream output) throws IOException {
        output.putNextEntry(new ZipEntry(entry.getName()));
        try (InputStream content = jar.getInputStream(entry)) {
            content.transferTo(output);
        }
        output.closeEntry();
    }

    /** The test class path, with another jar in the place of the real one. */
    public static String classPathWithRuntime(Path jar) throws URISyntaxException {
        return System.getProperty("java.class.path").replace(runtime().toString(), jar.toString()) + File.pathSeparator;
    }

    public static Path runtime() throws URISyntaxException {
        return Path.of(OrtEnvironment.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
