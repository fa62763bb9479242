package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.ModelGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An ONNX file that was looked through before ONNX Runtime sees it: a well-formed message, with tensors that are as
 * large as they claim, and no data outside its own directory.
 *
 * @param path with all links resolved; data outside the file lies in its directory
 * @param inputs of the main graph, with those that have a default
 * @param overridableInitializers names of the inputs that have a default
 * @param externalFiles where tensors lie that are not in the file itself
 * @param hasWideCharacters whether its texts have characters above U+FFFF
 * @param graph what it computes
 * @param content what to load
 */
public record OnnxFile(
        Path path,
        List<OnnxValue> inputs,
        List<OnnxValue> outputs,
        Set<String> overridableInitializers,
        Set<Path> externalFiles,
        boolean hasWideCharacters,
        ModelGraph graph,
        ModelContent content) {

    public OnnxFile {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        overridableInitializers = Set.copyOf(overridableInitializers);
        externalFiles = Set.copyOf(externalFiles);
    }

    /**
     * Looks through a file.
     *
     * @throws ModelLoadException if it is missing, larger than that, damaged, hostile, or no ONNX model at all
     */
    public static OnnxFile scan(Path model, long maxBytes) {
        Path path = regularFile(model);
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            requireSize(path, size, maxBytes);
            FileKind.requireOnnx(path, head(channel));
            ByteBuffer bytes = ModelContent.inMemory(channel, size);
            ModelDirectories directories = new ModelDirectories(model, path);
            return bytes == null
                    ? scanLarge(path, directories)
                    : new ModelScan(path, directories, new ProtoReader(path, bytes)).read(bytes, null);
        } catch (IOException e) {
            throw new ModelLoadException("model file " + model + ": cannot be read: " + e, e);
        }
    }

    /** Looks through a file without keeping it; its identity is taken before it is opened. */
    private static OnnxFile scanLarge(Path path, ModelDirectories directories) throws IOException {
        FileIdentity identity = FileIdentity.settled(path);
        try (FileChannel channel = FileChannel.open(path)) {
            return new ModelScan(path, directories, new ProtoReader(path, channel)).read(null, identity);
        }
    }

    private static Path regularFile(Path model) {
        try {
            Path path = model.toRealPath();
            if (Files.isRegularFile(path)) {
                return path;
            }
        } catch (IOException e) {
            throw new ModelLoadException("model file " + model + ": does not exist, expected an ONNX model", e);
        }
        throw new ModelLoadException("model file " + model + ": is not a regular file, expected an ONNX model");
    }

    private static void requireSize(Path path, long size, long maxBytes) {
        if (size == 0) {
            throw new ModelLoadException("model file " + path + ": is empty, expected an ONNX model");
        }
        if (size > maxBytes) {
            throw new ModelLoadException("model file " + path + ": has " + size + " bytes, expected at most " + maxBytes
                    + "; raise max-model-bytes, or keep the weights as external data");
        }
    }

    private static byte[] head(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(FileKind.HEAD_BYTES);
        channel.read(head, 0);
        return Arrays.copyOf(head.array(), head.position());
    }

    /** Returns the names of outputs that no node computes: they are inputs or initializers themselves. */
    public Set<String> notComputedOutputs() {
        Set<String> names = outputs.stream().map(OnnxValue::name).collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> given = new HashSet<>(graph.main().initializers().keySet());
        inputs.forEach(input -> given.add(input.name()));
        names.retainAll(given);
        return names;
    }

    /** Returns whether tensors lie outside the file. */
    public boolean hasExternalData() {
        return !externalFiles.isEmpty();
    }
}
