package dev.kitchen.onnx.natives;

import dev.kitchen.error.MessageText;
import java.util.List;
import java.util.Locale;

/**
 * An operating system and processor, in the words ONNX Runtime sorts its native libraries by.
 *
 * @param name such as {@code linux-x64}
 */
public record NativePlatform(String name) {

    /** Every platform that an onnxruntime jar has had libraries for. */
    static final List<NativePlatform> KNOWN = List.of(
            new NativePlatform("linux-aarch64"),
            new NativePlatform("linux-loongarch64"),
            new NativePlatform("linux-ppc64"),
            new NativePlatform("linux-x64"),
            new NativePlatform("osx-aarch64"),
            new NativePlatform("osx-x64"),
            new NativePlatform("win-aarch64"),
            new NativePlatform("win-x64"));

    public static NativePlatform current() {
        return of(System.getProperty("os.name", "generic"), System.getProperty("os.arch", "generic"));
    }

    /** Follows OnnxRuntime.initOsArch, which is private; what that refuses gets a name no jar has libraries for. */
    static NativePlatform of(String osName, String osArch) {
        return new NativePlatform(
                system(osName.toLowerCase(Locale.ROOT)) + "-" + processor(osArch.toLowerCase(Locale.ROOT)));
    }

    private static String system(String name) {
        if (name.contains("mac") || name.contains("darwin")) {
            return "osx";
        }
        if (name.contains("win")) {
            return "win";
        }
        return name.contains("nux") ? "linux" : MessageText.of(name.replace(' ', '_'), 20);
    }

    private static String processor(String name) {
        if (name.startsWith("amd64") || name.startsWith("x86_64")) {
            return "x64";
        }
        if (name.startsWith("x86")) {
            return "x86";
        }
        return name.startsWith("ppc64") ? "ppc64" : MessageText.of(name, 20);
    }

    public boolean isLinux() {
        return name.startsWith("linux-");
    }

    boolean isMac() {
        return name.startsWith("osx-");
    }

    boolean isWindows() {
        return name.startsWith("win-");
    }

    /** {@code onnxruntime} is {@code libonnxruntime.so} here. */
    public String fileName(String library) {
        if (isWindows()) {
            return library + ".dll";
        }
        return "lib" + library + (isMac() ? ".dylib" : ".so");
    }

    @Override
    public String toString() {
        return name;
    }
}
