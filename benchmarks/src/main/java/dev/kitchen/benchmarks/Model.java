package dev.kitchen.benchmarks;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model to measure: one float tensor in, one float tensor out.
 *
 * @param input name of the input
 * @param shape of one item, batch size 1
 * @param output name of the output
 * @param position of the output among the model's, from 0
 * @param answers how many numbers the output has for one item
 */
record Model(String name, Path file, String input, List<Long> shape, String output, int position, int answers) {

    private static final String SHARED = "shared:";
    private static final Path SHARED_DATA =
            Path.of(System.getProperty("kitchen.shared.data", "../shared/data")).resolve("onnx");

    /** One that is made here, or with the prefix {@code shared:} a given one. */
    static Model of(String name) {
        if (name.startsWith(SHARED)) {
            return read(name, sharedFile(name));
        }
        return read(name, Models.write(name));
    }

    /** Whether the model can be had on this machine. */
    static boolean present(String name) {
        return !name.startsWith(SHARED) || Files.isDirectory(sharedDirectory(name));
    }

    private static Path sharedDirectory(String name) {
        return SHARED_DATA.resolve(name.substring(SHARED.length()));
    }

    private static Path sharedFile(String name) {
        try (Stream<Path> files = Files.list(sharedDirectory(name))) {
            return files.filter(it -> it.toString().endsWith(".onnx"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Model read(String name, Path file) {
        try {
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            ValueInfoProto input = model.getGraph().getInput(0);
            List<ValueInfoProto> outputs = model.getGraph().getOutputList();
            int position = 0;
            while (type(outputs.get(position)).getElemType() != TensorProto.DataType.FLOAT_VALUE) {
                position++;
            }
            ValueInfoProto output = outputs.get(position);
            int answers = Math.toIntExact(size(shape(output)));
            return new Model(name, file, input.getName(), shape(input), output.getName(), position, answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TypeProto.Tensor type(ValueInfoProto value) {
        return value.getType().getTensorType();
    }

    private static List<Long> shape(ValueInfoProto value) {
        return type(value).getShape().getDimList().stream()
                .map(TensorShapeProto.Dimension::getDimValue)
                .map(it -> Math.max(1, it))
                .toList();
    }

    private static long size(List<Long> shape) {
        return shape.stream().mapToLong(it -> it).reduce(1, Math::multiplyExact);
    }

    /** The shape as ONNX Runtime and Kitchen take it. */
    long[] dimensions() {
        return shape.stream().mapToLong(it -> it).toArray();
    }

    /** How many numbers one item has. */
    int numbers() {
        return Math.toIntExact(size(shape));
    }

    /** An item that every peer is asked about. */
    float[] item() {
        float[] item = new float[numbers()];
        for (int i = 0; i < item.length; i++) {
            item[i] = (float) Math.sin(i + 1);
        }
        return item;
    }
}
