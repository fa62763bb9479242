package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtEnvironment;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.onnx.natives.NativeInstallation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's environment, made on first use. Thread-safe. Static because ONNX Runtime's is: a class loader has one
 * or none, and a load that failed can not be tried again.
 */
final class OnnxEnvironment {

    /**
     * Class loaders share no statics, but they share interned strings: so this is one lock for the whole JVM, as the
     * system property it guards is one for the whole JVM.
     */
    private static final Object JVM_LOCK = "dev.kitchen.onnx: loading native libraries".intern();

    private static volatile @Nullable NativeLoading loading;
    private static volatile @Nullable String failure;

    private OnnxEnvironment() {}

    /**
     * The environment of this class loader. The first call takes up to a second or two.
     *
     * @throws ConfigurationException if ONNX Runtime cannot be loaded, with the cure; each time, as there is no second
     *     try
     */
    static OrtEnvironment get() {
        NativeLoading loaded = loading;
        return loaded == null ? load().environment() : loaded.environment();
    }

    /** Where the libraries were put, if Kitchen has put them anywhere yet. */
    static Optional<NativeInstallation> installation() {
        NativeLoading loaded = loading;
        return loaded == null ? Optional.empty() : loaded.installation();
    }

    private static NativeLoading load() {
        synchronized (JVM_LOCK) {
            NativeLoading loaded = loading;
            if (loaded != null) {
                return loaded;
            }
            String first = failure;
            if (first != null) {
                throw new ConfigurationException(first);
            }
            try {
                loaded = NativeLoading.load();
            } catch (KitchenException e) {
                failure = e.getMessage();
                throw e;
            } catch (NoClassDefFoundError e) {
                throw new ConfigurationException(
                        "ONNX Runtime is not on the class path; add com.microsoft.onnxruntime:onnxruntime", e);
            }
            loading = loaded;
            return loaded;
        }
    }
}
