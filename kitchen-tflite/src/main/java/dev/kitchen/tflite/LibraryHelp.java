package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;

/** What to do where the native library does not load, in one line. */
final class LibraryHelp {

    static final String ARTIFACTS = "org.bytedeco:tensorflow-lite:2.21.0-1.5.14 and org.bytedeco:javacpp:1.5.14";

    private static final Pattern TOO_OLD = Pattern.compile("version [`']((GLIBC|GLIBCXX)_[0-9.]+)' not found");
    private static final String BASE_IMAGES = "use a base image such as debian:12, ubuntu:22.04 or newer";

    private LibraryHelp() {}

    static String of(Throwable failure) {
        StringBuilder texts = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            texts.append(cause).append(' ');
        }
        return of(texts.toString(), platform(), CLibrary.isMusl());
    }

    private static String platform() {
        try {
            return Loader.getPlatform();
        } catch (LinkageError e) {
            return System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        }
    }

    static String of(String failure, String platform, boolean musl) {
        String problem = "TensorFlow Lite does not load on " + platform + ": ";
        if (musl) {
            return problem + "this system has musl (Alpine Linux), but the library needs glibc; " + BASE_IMAGES;
        }
        Matcher tooOld = TOO_OLD.matcher(failure);
        if (tooOld.find()) {
            boolean standardLibrary = tooOld.group(2).equals("GLIBCXX");
            return problem + "the library needs " + tooOld.group(1) + ", which this system's "
                    + (standardLibrary ? "libstdc++" : "glibc") + " does not have (GLIBC 2.34 and GLIBCXX 3.4.30 are"
                    + " needed); " + BASE_IMAGES;
        }
        if (failure.contains("libstdc++.so.6: cannot open")) {
            return problem + "libstdc++ is missing; install it (apt-get install libstdc++6)";
        }
        if (failure.contains("java.library.path") || failure.contains("NoClassDefFoundError")) {
            return problem + "its natives are not on the class path; add " + ARTIFACTS + " with the classifier "
                    + platform;
        }
        return problem + MessageText.of(failure, 300) + "; natives come from " + ARTIFACTS + " with the classifier "
                + platform;
    }
}
