package dev.kitchen.onnx.natives;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The major and minor version of ONNX Runtime: {@code 1.28} of {@code 1.28.0}. */
public record RuntimeVersion(int major, int minor) {

    private static final Pattern START = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");

    public static Optional<RuntimeVersion> parse(String text) {
        Matcher matcher = START.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new RuntimeVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || major == otherMajor && minor >= otherMinor;
    }
}
