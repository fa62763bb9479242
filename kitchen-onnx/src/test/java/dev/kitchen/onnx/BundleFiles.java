package dev.kitchen.onnx;

import dev.kitchen.json.ModelBundle;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Writes a bundle's file, as whoever trained the model would. */
final class BundleFiles {

    private static final JsonMapper MAPPER = new JsonMapper();

    private BundleFiles() {}

    /** A bundle of these cases; scores as maps are written as objects. */
    static ModelBundle write(Path directory, List<SharedCases.Case> cases, List<Integer> batchSizes)
            throws IOException {
        String golden = cases.stream()
                .map(it -> "{\"name\":\"%s\",\"rtol\":%s,\"atol\":%s,\"inputs\":%s,\"outputs\":%s}"
                        .formatted(it.id(), it.rtol(), it.atol(), tensors(it.inputs()), tensors(it.expected())))
                .collect(Collectors.joining(",\n"));
        Files.writeString(
                directory.resolve(ModelBundle.FILE_NAME),
                "{\"golden\":[" + golden + "],\n\"warm_up\":{\"batch_sizes\":" + batchSizes + "}}");
        return ModelBundle.in(directory).orElseThrow();
    }

    private static String tensors(Map<String, Value> values) {
        StringJoiner tensors = new StringJoiner(",", "[", "]");
        values.forEach((name, value) -> {
            if (value instanceof Tensor tensor) {
                tensors.add("{\"name\":%s,\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}"
                        .formatted(
                                MAPPER.writeValueAsString(name),
                                datatype(tensor.type()),
                                tensor.shape(),
                                IntStream.range(0, tensor.elementCount())
                                        .mapToObj(it -> element(tensor, it))
                                        .collect(Collectors.joining(",", "[", "]"))));
            } else if (value instanceof SequenceValue rows) {
                tensors.add(MAPPER.writeValueAsString(Map.of(
                        "name",
                        name,
                        "data",
                        rows.elements().stream()
                                .map(it -> ((MapValue) it).entries())
                                .toList())));
            }
        });
        return tensors.toString();
    }

    private static String element(Tensor tensor, int index) {
        return switch (tensor.type()) {
            case STRING -> MAPPER.writeValueAsString(tensor.stringAt(index));
            case BOOL -> tensor.bytes().get(index) == 0 ? "false" : "true";
            case FLOAT, FLOAT16, BFLOAT16 -> Float.toString(tensor.floatAt(index));
            case DOUBLE -> Double.toString(tensor.doubleAt(index));
            default -> Long.toString(tensor.longAt(index));
        };
    }

    private static String datatype(DataType type) {
        return switch (type) {
            case FLOAT -> "FP32";
            case DOUBLE -> "FP64";
            case FLOAT16 -> "FP16";
            case BFLOAT16 -> "BF16";
            case STRING -> "BYTES";
            default -> type.name();
        };
    }
}
