package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A piece of hardware, or a library, that ONNX Runtime can hand operators to.
 *
 * @param kind which one
 * @param options the provider's own options, in its own words; CUDA, TENSORRT, ROCM, DIRECTML and OPENVINO understand
 *     {@code device_id}
 */
public record ExecutionProvider(Kind kind, Map<String, String> options) {

    /** The providers the official Java API knows how to add. */
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

    public ExecutionProvider {
        options = Map.copyOf(options);
    }

    /** A provider with its default options. */
    public static ExecutionProvider of(Kind kind) {
        return new ExecutionProvider(kind, Map.of());
    }

    /**
     * A provider by name, in upper or lower case.
     *
     * @throws ConfigurationException if there is none of that name
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
