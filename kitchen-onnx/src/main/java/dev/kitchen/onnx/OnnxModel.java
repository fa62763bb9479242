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

/** What an ONNX file holds, without running it: nothing native is loaded. Immutable. */
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
     * Looks through a file, as loading it would.
     *
     * @throws ModelLoadException if it is missing, damaged, hostile, or no ONNX model at all
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

    /** The file, with all links resolved. */
    public Path path() {
        return file.path();
    }

    /** The files beside it that its tensors lie in, in alphabetical order. */
    public Set<Path> externalFiles() {
        return Collections.unmodifiableSet(new TreeSet<>(file.externalFiles()));
    }

    /** Of the file and what lies beside it. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Which version of the operators it is written in, by domain; ONNX's own domain is {@code ai.onnx}. */
    public SortedMap<String, Long> opsets() {
        return Collections.unmodifiableSortedMap(operators.opsets());
    }

    /**
     * How often each operator stands in it, nested graphs and functions included; in alphabetical order. Operators of
     * other domains than ONNX's own have the domain before their name: {@code ai.onnx.ml.TreeEnsembleClassifier}.
     */
    public SortedMap<String, Long> operators() {
        return Collections.unmodifiableSortedMap(operators.counts());
    }
}
