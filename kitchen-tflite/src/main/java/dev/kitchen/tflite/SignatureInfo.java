package dev.kitchen.tflite;

import java.util.Map;

/** A name for a graph and for what goes in and out of it: indices of tensors by name. */
record SignatureInfo(String key, int graph, Map<String, Integer> inputs, Map<String, Integer> outputs) {

    SignatureInfo {
        inputs = Map.copyOf(inputs);
        outputs = Map.copyOf(outputs);
    }
}
