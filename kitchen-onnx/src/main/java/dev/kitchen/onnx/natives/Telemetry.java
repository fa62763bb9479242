package dev.kitchen.onnx.natives;

import dev.kitchen.error.MessageText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime 1.29 and later reports to its vendor, and only the process's environment can forbid that in time. */
public final class Telemetry {

    private static final Logger LOGGER = LoggerFactory.getLogger(Telemetry.class);

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
        return Optional.of("ONNX Runtime " + MessageText.of(version, 40)
                + " sends telemetry to its vendor at start, before it can be turned off from Java");
    }

    /** Puts the warning into the log, where there is one. */
    public static void warnOf(String version) {
        warning(version, System.getenv(VARIABLE)).ifPresent(warning -> LOGGER.warn("{}. {}", warning, remedy()));
    }

    static String remedy() {
        return "Set " + VARIABLE + "=1 in the environment of the JVM, or use ONNX Runtime 1.28.0";
    }
}
