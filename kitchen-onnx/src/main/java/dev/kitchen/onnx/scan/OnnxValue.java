package dev.kitchen.onnx.scan;

import dev.kitchen.tensor.ValueSpec;
import java.util.Optional;

/**
 * An input or output as the file declares it.
 *
 * @param isRankKnown false where it is a tensor and the file says nothing of its shape
 * @param spec empty where the file gives no type, or one that Kitchen does not know
 */
public record OnnxValue(String name, boolean isRankKnown, Optional<ValueSpec> spec) {}
