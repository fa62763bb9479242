package dev.kitchen.onnx;

import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.spi.InferenceSession;

/** One way into ONNX Runtime. All roads lead to the same library and give the same answers. */
interface Road {

    /** The version of ONNX Runtime at its end. */
    String version();

    /**
     * Loads a model whose file has been scanned.
     *
     * @throws dev.kitchen.error.ModelLoadException if ONNX Runtime refuses it
     */
    InferenceSession load(OnnxFile file, OnnxOptions options);
}
