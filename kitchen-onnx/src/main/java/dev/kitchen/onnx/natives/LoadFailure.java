package dev.kitchen.onnx.natives;

import ai.onnxruntime.OrtEnvironment;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains in one line why ONNX Runtime did not load, and what to do about it. */
public final class LoadFailure {

    private static final String NATIVE_PATH = "-Donnxruntime.native.path";

    private record Rule(Pattern pattern, Function<MatchResult, String> explanation) {
        Rule(String pattern, Function<MatchResult, String> explanation) {
            this(Pattern.compile(pattern), explanation);
        }
    }

    /** What the dynamic loaders, the JVM and ONNX Runtime say; the first that matches wins. */
    private static final List<Rule> RULES = List.of(
            new Rule(
                    "version [`'](GLIBC(?:XX)?_[0-9.]+)' not found",
                    found -> "this system's C library is too old, it lacks " + found.group(1)
                            + "; use a newer base image, such as debian:12, ubuntu:22.04 or ubi9"),
            new Rule(
                    "version [`']VERS_([0-9.]+)' not found",
                    found -> "the binding of ONNX Runtime " + found.group(1)
                            + " met another version that is already loaded in this process; use one version"
                            + " everywhere in the JVM"),
            new Rule(
                    "failed to map segment from shared object",
                    found -> "the directory of the libraries is mounted noexec; set -D" + StoreLocations.PROPERTY
                            + " to one that is not"),
            new Rule(
                    "already loaded in another class ?loader",
                    found -> "another class loader has loaded the same file; unset " + NATIVE_PATH
                            + " so that each gets its own, or move the onnxruntime jar to a class loader they share"),
            new Rule(
                    "([^:\\s]+): cannot open shared object file",
                    found -> "the system library " + found.group(1)
                            + " is missing; install it (on Debian: apt-get install libstdc++6 libgcc-s1)"),
            new Rule(
                    "wrong ELF class|invalid ELF header|file too short|Exec format error|cannot read file data"
                            + "|not a valid Win32 application|not a mach-o file|incompatible architecture",
                    found -> "a library is damaged or made for another processor; replace the onnxruntime jar, or the"
                            + " files in " + NATIVE_PATH + " if that is set"),
            new Rule(
                    "mismatch between the ORT class files|undefined symbol: Ort",
                    found -> "its classes and its native libraries are of different versions; take both from the same"
                            + " onnxruntime jar and unset " + NATIVE_PATH),
            new Rule(
                    "Native library '([^']*)' not found at",
                    found -> "the directory in " + NATIVE_PATH + " has no library '" + found.group(1)
                            + "'; unset the property or fill the directory"),
            new Rule("Illegal native access|restricted method", found -> NativeAccess.denied(OrtEnvironment.class)),
            new Rule(
                    "java[/.]util[/.]logging",
                    found -> "this Java runtime lacks the module java.logging; add it to jlink's --add-modules"),
            new Rule(
                    "Could not initialize class",
                    found -> "it was tried before in this class loader, not by Kitchen, and failed; see the first"
                            + " failure in the log, cure it and restart the JVM"));

    private LoadFailure() {}

    public static ConfigurationException of(Throwable failure, NativePlatform platform, ClassLoader loader) {
        String text = texts(failure);
        return new ConfigurationException(
                "ONNX Runtime does not load: " + explanation(failure, text, platform, loader) + " ("
                        + MessageText.of(text, 200) + ")",
                failure);
    }

    private static String explanation(Throwable failure, String text, NativePlatform platform, ClassLoader loader) {
        if (failure instanceof LinkageError && platform.isLinux() && CLibrary.isMusl()) {
            return "its libraries need glibc and this system has musl; " + CLibrary.MUSL_REMEDY;
        }
        if (text.contains("in java.library.path")
                || text.contains("Unsupported os")
                || text.contains("Unsupported arch")) {
            return noLibraries(platform, loader);
        }
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(text);
            if (matcher.find()) {
                return rule.explanation().apply(matcher);
            }
        }
        if (root(failure) instanceof IOException) {
            return "a file could not be written or read; check java.io.tmpdir="
                    + MessageText.of(System.getProperty("java.io.tmpdir", ""), 200) + " or "
                    + TemporaryDirectory.remedy();
        }
        return "see the cause";
    }

    public static String noLibraries(NativePlatform platform, ClassLoader loader) {
        return "the onnxruntime jar has no libraries for " + platform + ", only for "
                + NativeResource.platforms(loader) + "; set " + NATIVE_PATH
                + " to a directory with a build for this platform";
    }

    private static String texts(Throwable failure) {
        Throwable root = root(failure);
        return root.equals(failure) ? failure.toString() : failure + ": " + root;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root;
    }
}
