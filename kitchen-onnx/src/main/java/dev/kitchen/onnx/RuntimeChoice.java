package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.onnx.foreign.ForeignLoader;
import dev.kitchen.onnx.foreign.ForeignLoading;
import dev.kitchen.onnx.official.OfficialRuntime;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses between ONNX Runtime's C API and its Java API. The C API is looked for once per class loader. */
final class RuntimeChoice {

    private static final Logger LOGGER = LoggerFactory.getLogger(RuntimeChoice.class);
    private static final Object LOCK = new Object();

    private static volatile @Nullable ForeignLoading foreign;

    private RuntimeChoice() {}

    /**
     * Returns the fastest API that the options allow.
     *
     * @throws ConfigurationException if they require one that cannot be used
     */
    static OnnxRuntimeApi choose(OnnxOptions options) {
        if (options.api() == Api.JAVA) {
            return official();
        }
        ForeignLoading entry = options.executionProviders().isEmpty()
                ? foreign()
                : ForeignLoading.refused("execution providers are added through the Java API only");
        if (options.api() == Api.C && entry.api().isEmpty()) {
            throw new ConfigurationException("ONNX options: api is 'c', which is not possible: " + entry.obstacle());
        }
        return entry.api().orElseGet(RuntimeChoice::official);
    }

    /**
     * Returns the Java API.
     *
     * @throws ConfigurationException if it is not on the class path
     */
    static OnnxRuntimeApi official() {
        try {
            return new OfficialRuntime();
        } catch (NoClassDefFoundError e) {
            throw new ConfigurationException(
                    "ONNX Runtime is not on the class path; add com.microsoft.onnxruntime:onnxruntime", e);
        }
    }

    /** Returns the C API, or why it is not used. It is looked for once, with one line in the log. */
    static ForeignLoading foreign() {
        ForeignLoading known = foreign;
        if (known != null) {
            return known;
        }
        synchronized (LOCK) {
            if (foreign == null) {
                foreign = ForeignLoader.load();
                LOGGER.info(
                        "ONNX Runtime is called through its {}",
                        foreign.api().isPresent()
                                ? "C API"
                                : "Java API: the C API is not used, because " + foreign.obstacle());
            }
            return foreign;
        }
    }
}
