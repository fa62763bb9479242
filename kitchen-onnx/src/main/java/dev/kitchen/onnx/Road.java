package dev.kitchen.onnx;

import dev.kitchen.spi.InferenceSession;
import java.nio.file.Path;

/** One way into ONNX Runtime. All roads lead to the same library and give the same answers. */
interface Road {

    /** A short name for logs and findings. */
    String name();

    /**
     * Loads a model whose file has been scanned.
     *
     * @throws dev.kitchen.error.ModelLoadException if ONNX Runtime refuses it
     */
    InferenceSession load(Path model, OnnxFile file, OnnxOptions options);
}
