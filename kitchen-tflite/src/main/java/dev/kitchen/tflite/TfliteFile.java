package dev.kitchen.tflite;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A TensorFlow Lite file that was looked through before the runtime sees it. The runtime gets these very bytes, so that
 * nobody can change the file in between.
 *
 * @param content the whole file
 */
record TfliteFile(
        Path path,
        FlatFile content,
        List<GraphInfo> graphs,
        List<SignatureInfo> signatures,
        String description,
        Map<String, FlatVector> metadata) {

    private static final int MIN_BYTES = 16;
    private static final byte[] IDENTIFIER = {'T', 'F', 'L', '3'};

    TfliteFile {
        graphs = List.copyOf(graphs);
        signatures = List.copyOf(signatures);
        metadata = Map.copyOf(metadata);
    }

    /**
     * Looks through a file.
     *
     * @param trusted whether it will run in this process, so that what is valid and yet kills it has to be refused
     * @throws ModelLoadException if it is missing, larger than that, damaged, hostile, or no TensorFlow Lite model at all
     */
    static TfliteFile scan(Path model, long maxBytes, boolean trusted) {
        return of(model, new FlatFile(model, read(model, maxBytes)), trusted);
    }

    /** Looks through content that is in memory already. */
    static TfliteFile of(Path model, FlatFile file, boolean trusted) {
        try {
            ModelReader reader = new ModelReader(file);
            TfliteFile scanned = new TfliteFile(
                    model, file, reader.graphs(), reader.signatures(), reader.description(), reader.metadata());
            new ModelCheck(file, scanned.graphs, scanned.signatures, trusted).check();
            return scanned;
        } catch (ArithmeticException | InvalidRequestException e) {
            throw new ModelLoadException(
                    "model file " + model + ": has a tensor whose size cannot be counted: " + e.getMessage(), e);
        }
    }

    private static byte[] read(Path model, long maxBytes) {
        try {
            if (!Files.exists(model)) {
                throw new ModelLoadException(
                        "model file " + model + ": does not exist, expected a TensorFlow Lite model");
            }
            if (!Files.isRegularFile(model)) {
                throw new ModelLoadException(
                        "model file " + model + ": is not a regular file, expected a TensorFlow Lite model");
            }
            requireSize(model, Files.size(model), maxBytes);
            byte[] bytes = Files.readAllBytes(model);
            requireIdentifier(model, bytes);
            return bytes;
        } catch (IOException e) {
            throw new ModelLoadException("model file " + model + ": cannot be read: " + e, e);
        } catch (OutOfMemoryError e) {
            throw new ModelLoadException(
                    "model file " + model + ": the heap has no room for it while it is checked", e);
        }
    }

    private static void requireSize(Path model, long size, long maxBytes) {
        if (size == 0) {
            throw new ModelLoadException("model file " + model + ": is empty, expected a TensorFlow Lite model");
        }
        if (size > maxBytes) {
            throw new ModelLoadException("model file " + model + ": has " + size + " bytes, expected at most "
                    + maxBytes + "; raise max-model-bytes");
        }
    }

    private static void requireIdentifier(Path model, byte[] bytes) {
        if (bytes.length < MIN_BYTES) {
            throw new ModelLoadException("model file " + model + ": has " + bytes.length
                    + " bytes, expected a TensorFlow Lite model, which has more; copy or export it again");
        }
        for (int i = 0; i < IDENTIFIER.length; i++) {
            if (bytes[4 + i] != IDENTIFIER[i]) {
                throw new ModelLoadException("model file " + model
                        + ": does not begin as a TensorFlow Lite model does ('TFL3' at byte 4); look at what was copied"
                        + " there");
            }
        }
    }
}
