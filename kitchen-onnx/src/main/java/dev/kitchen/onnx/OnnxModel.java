package dev.kitchen.onnx;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.scan.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** A description of an ONNX file, made without running it or loading native libraries. Immutable. */
public final class OnnxModel {

    private final OnnxFile file;
    private final OperatorCount operators;
    private final long sizeBytes;

    private OnnxModel(OnnxFile file, OperatorCount operators, long sizeBytes) {
        this.file = file;
        this.operators = operators;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Reads and checks a file, as loading it does.
     *
     * @throws ModelLoadException if the file is missing, damaged, hostile, or not an ONNX model
     */
    public static OnnxModel inspect(Path modelFile) {
        OnnxFile file = OnnxFile.scan(modelFile, Long.MAX_VALUE);
        try {
            long size = Files.size(file.path());
            for (Path external : file.externalFiles()) {
                size += Files.size(external);
            }
            return new OnnxModel(file, OperatorCount.of(file.graph()), size);
        } catch (IOException e) {
            throw new ModelLoadException("model file " + modelFile + ": cannot be read: " + e, e);
        }
    }

    /** Returns the path of the file, with all links resolved. */
    public Path path() {
        return file.path();
    }

    /** Returns the files with external data of its tensors, in alphabetical order. */
    public Set<Path> externalFiles() {
        return Collections.unmodifiableSet(new TreeSet<>(file.externalFiles()));
    }

    /** Returns the size of the file and its external data, in bytes. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Returns the versions of the operator sets that it uses, by domain; ONNX's own domain is {@code ai.onnx}. */
    public SortedMap<String, Long> opsets() {
        return Collections.unmodifiableSortedMap(operators.opsets());
    }

    /**
     * Returns how often each operator occurs, including nested graphs and functions, in alphabetical order. Operators of
     * other domains than ONNX's own have the domain before their name: {@code ai.onnx.ml.TreeEnsembleClassifier}.
     */
    public SortedMap<String, Long> operators() {
        return Collections.unmodifiableSortedMap(operators.counts());
    }
}
