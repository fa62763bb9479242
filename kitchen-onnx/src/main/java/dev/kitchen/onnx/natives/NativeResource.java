package dev.kitchen.onnx.natives;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * A native library on the class path.
 *
 * @param fileName such as {@code libonnxruntime.so}
 * @param url where it is
 * @param crc the CRC-32 of the library
 * @param size of the library, in bytes
 */
public record NativeResource(String fileName, URL url, long crc, long size) {

    /** The two without which nothing runs come first; the rest is in the jars for other hardware. */
    private static final List<String> LIBRARIES = List.of(
            "onnxruntime",
            "onnxruntime4j_jni",
            "onnxruntime_providers_shared",
            "onnxruntime_providers_cuda",
            "onnxruntime_providers_rocm",
            "onnxruntime_providers_dnnl",
            "onnxruntime_providers_openvino",
            "onnxruntime_providers_tensorrt",
            "onnxruntime_providers_qnn",
            "webgpu_dawn",
            "dxil",
            "dxcompiler");

    public static List<NativeResource> onClassPath(ClassLoader loader, NativePlatform platform) throws IOException {
        List<NativeResource> found = new ArrayList<>();
        for (String library : LIBRARIES) {
            URL url = find(loader, platform, library);
            if (url != null) {
                found.add(of(platform.fileName(library), url));
            }
        }
        return found;
    }

    /** The platforms with both libraries that nothing runs without. */
    static List<NativePlatform> platforms(ClassLoader loader) {
        return NativePlatform.KNOWN.stream()
                .filter(platform -> isComplete(loader, platform))
                .toList();
    }

    static boolean isComplete(ClassLoader loader, NativePlatform platform) {
        return LIBRARIES.subList(0, 2).stream().allMatch(library -> find(loader, platform, library) != null);
    }

    private static @Nullable URL find(ClassLoader loader, NativePlatform platform, String library) {
        return loader.getResource("ai/onnxruntime/native/" + platform + "/" + platform.fileName(library));
    }

    /** A jar's directory knows size and CRC-32, which saves unpacking 25 MB to learn what they are. */
    static NativeResource of(String fileName, URL url) throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jarConnection) {
            try (JarFile jar = jarConnection.getJarFile()) {
                JarEntry entry = jar.getJarEntry(jarConnection.getEntryName());
                if (entry != null && entry.getCrc() >= 0 && entry.getSize() >= 0) {
                    return new NativeResource(fileName, url, entry.getCrc(), entry.getSize());
                }
            }
        }
        try (InputStream content = url.openStream()) {
            LibraryDigest digest = LibraryDigest.of(content);
            return new NativeResource(fileName, url, digest.crc(), digest.size());
        }
    }

    InputStream open() throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        return new BufferedInputStream(connection.getInputStream(), 1 << 16);
    }

    /** Whether this is the content. */
    boolean has(LibraryDigest digest) {
        return digest.crc() == crc && digest.size() == size;
    }
}
