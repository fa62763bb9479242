package dev.kitchen.onnx.run;

import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.spi.InferenceSession;

/** An API of ONNX Runtime: its Java API or its C API. Both call the same library and give the same answers. */
public interface OnnxRuntimeApi {

    /** The name of the runtime in the metadata of models. */
    String NAME = "onnxruntime";

    /** Returns the version of ONNX Runtime. */
    String version();

    /**
     * Loads a model whose file has been scanned.
     *
     * @throws dev.kitchen.error.ModelLoadException if ONNX Runtime refuses it
     */
    InferenceSession load(OnnxFile file, SessionSettings settings);
}
