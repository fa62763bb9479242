package dev.kitchen.onnx;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime 1.29 and later reports to its vendor, and only the process's environment can forbid that in time. */
final class Telemetry {

    static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

    private Telemetry() {}

    /**
     * What to warn of; nothing where nothing can be sent.
     *
     * @param variable the value of {@link #VARIABLE}, null if it is not set
     */
    static Optional<String> warning(String version, @Nullable String variable) {
        boolean reports =
                RuntimeVersion.parse(version).map(it -> it.isAtLeast(1, 29)).orElse(false);
        if (!reports || variable != null && !variable.isBlank() && !variable.equals("0")) {
            return Optional.empty();
        }
        return Optional.of("ONNX Runtime " + OneLine.of(version, 40)
                + " sends telemetry to its vendor at start, before it can be turned off from Java");
    }

    static String remedy() {
        return "Set " + VARIABLE + "=1 in the environment of the JVM, or use ONNX Runtime 1.28.0";
    }
}
