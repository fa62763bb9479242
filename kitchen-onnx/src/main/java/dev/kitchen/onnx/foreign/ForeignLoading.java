package dev.kitchen.onnx.foreign;

import dev.kitchen.onnx.natives.NativeInstallation;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import java.util.Optional;

/**
 * The C API, or why it is not used.
 *
 * @param api the API, if it can be used
 * @param obstacle why it cannot be used; empty if it can
 * @param installation where its library was unpacked, if it was; to be kept, because its directory is deleted once nobody
 *     holds its lock
 */
public record ForeignLoading(Optional<OnnxRuntimeApi> api, String obstacle, Optional<NativeInstallation> installation) {

    /** Returns that the C API is not used, and why. */
    public static ForeignLoading refused(String obstacle) {
        return new ForeignLoading(Optional.empty(), obstacle, Optional.empty());
    }
}
