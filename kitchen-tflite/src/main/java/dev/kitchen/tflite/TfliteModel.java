package dev.kitchen.tflite;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a TensorFlow Lite file holds, without running it: nothing native is loaded. Immutable. */
public final class TfliteModel {

    private final TfliteFile file;

    private TfliteModel(TfliteFile file) {
        this.file = file;
    }

    /**
     * Looks through a file, as loading it would.
     *
     * @throws dev.kitchen.error.ModelLoadException if it is missing, damaged, hostile, or no TensorFlow Lite model at all
     */
    public static TfliteModel inspect(Path modelFile) {
        return new TfliteModel(TfliteFile.scan(modelFile, Integer.MAX_VALUE - 8, true));
    }

    public Path path() {
        return file.path();
    }

    public long sizeBytes() {
        return file.content().size();
    }

    /** How often each operator stands in it, all graphs included; in alphabetical order. */
    public SortedMap<String, Long> operators() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(ModelReader.operatorCounts(file.graphs())));
    }
}
