package dev.kitchen.cli;

import dev.kitchen.onnx.OnnxModel;
import dev.kitchen.tflite.TfliteModel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;

/**
 * What looking through a model file tells, whatever its format.
 *
 * @param opsets by domain; empty for formats without
 * @param operators how often each is used
 */
record FileFacts(
        Path path,
        long sizeBytes,
        Set<Path> externalFiles,
        SortedMap<String, Long> opsets,
        SortedMap<String, Long> operators) {

    /** Looks through a file, by its name. */
    static FileFacts of(Path file) {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".tflite")) {
            TfliteModel model = TfliteModel.inspect(file);
            return new FileFacts(
                    model.path(), model.sizeBytes(), Set.of(), Collections.emptySortedMap(), model.operators());
        }
        OnnxModel model = OnnxModel.inspect(file);
        return new FileFacts(model.path(), model.sizeBytes(), model.externalFiles(), model.opsets(), model.operators());
    }
}
