package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.OnnxOptions.Api;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which way into ONNX Runtime to take. The C API's is found once per class loader, or found to be closed. */
final class Roads {

    private static final Logger LOGGER = LoggerFactory.getLogger(Roads.class);
    private static final Object LOCK = new Object();

    private static volatile @Nullable ForeignEntry foreign;

    private Roads() {}

    /**
     * The C API's road, or why there is none.
     *
     * @param installation of its library, to be kept: its directory is deleted once nobody holds its lock
     */
    record ForeignEntry(Optional<Road> road, String obstacle, Optional<NativeInstallation> installation) {

        static ForeignEntry closed(String obstacle) {
            return new ForeignEntry(Optional.empty(), obstacle, Optional.empty());
        }
    }

    /**
     * The best road that the options allow.
     *
     * @throws ConfigurationException if they ask for one that is closed
     */
    static Road choose(OnnxOptions options) {
        if (options.api() == Api.JAVA) {
            return official();
        }
        ForeignEntry entry = options.executionProviders().isEmpty()
                ? foreign()
                : ForeignEntry.closed("execution providers are added through the Java API only");
        if (options.api() == Api.C && entry.road().isEmpty()) {
            throw new ConfigurationException("ONNX options: api is 'c', which is not possible: " + entry.obstacle());
        }
        return entry.road().orElseGet(Roads::official);
    }

    /**
     * The Java API's road.
     *
     * @throws ConfigurationException if it is not on the class path
     */
    static Road official() {
        try {
            return new OfficialRoad();
        } catch (NoClassDefFoundError e) {
            throw new ConfigurationException(
                    "ONNX Runtime is not on the class path; add com.microsoft.onnxruntime:onnxruntime", e);
        }
    }

    /** The C API's road; looked for once, with one line in the log. */
    static ForeignEntry foreign() {
        ForeignEntry known = foreign;
        if (known != null) {
            return known;
        }
        synchronized (LOCK) {
            if (foreign == null) {
                foreign = ForeignEntrance.open();
                LOGGER.info(
                        "ONNX Runtime is called through its {}",
                        foreign.road().isPresent()
                                ? "C API"
                                : "Java API: the C API is not used, because " + foreign.obstacle());
            }
            return foreign;
        }
    }
}
