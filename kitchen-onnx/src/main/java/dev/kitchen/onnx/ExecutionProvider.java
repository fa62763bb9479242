package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A device or library that ONNX Runtime can run operators on.
 *
 * @param kind the kind of provider
 * @param options options that the provider itself defines; CUDA, TENSORRT, ROCM, DIRECTML and OPENVINO know {@code
 *     device_id}
 */
public record ExecutionProvider(Kind kind, Map<String, String> options) {

    /** The providers that ONNX Runtime's Java API can add, by their names there. */
    public enum Kind {
        CPU,
        CUDA,
        TENSORRT,
        ROCM,
        DIRECTML,
        OPENVINO,
        DNNL,
        XNNPACK,
        COREML,
        QNN,
        WEBGPU
    }

    /** Copies the options. */
    public ExecutionProvider {
        options = Map.copyOf(options);
    }

    /** Returns a provider with its default options. */
    public static ExecutionProvider of(Kind kind) {
        return new ExecutionProvider(kind, Map.of());
    }

    /**
     * Returns a provider with its default options.
     *
     * @param name the name of its kind, in upper or lower case
     * @throws ConfigurationException if no kind has that name
     */
    public static ExecutionProvider of(String name) {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(name.toUpperCase(Locale.ROOT))) {
                return of(kind);
            }
        }
        throw new ConfigurationException(
                "unknown execution provider '" + name + "', expected one of " + Arrays.toString(Kind.values()));
    }
}
