package dev.kitchen.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real models with inputs and the answers they should give, where they are at hand: beside the project, or where the
 * system property {@code kitchen.shared.data} says.
 */
final class SharedCases {

    private static final JsonMapper MAPPER = new JsonMapper();

    private SharedCases() {}

    /** One question to a model, and its answer. */
    record Case(
            Path model, String id, Map<String, Value> inputs, Map<String, Value> expected, double rtol, double atol) {

        List<String> differences(Map<String, Value> actual) {
            List<String> differences = new ArrayList<>();
            expected.forEach((name, value) -> {
                if (actual.containsKey(name)) {
                    differences.addAll(ValueDifferences.of(name, value, actual.get(name), rtol, atol));
                } else {
                    differences.add(name + ": missing, there are " + actual.keySet());
                }
            });
            return differences;
        }
    }

    /** The directory of that name; skips the test where it is not there. */
    static Path directory(String name) {
        Path directory = root().resolve(name).normalize();
        assumeTrue(Files.isDirectory(directory), "no shared test data at " + directory);
        return directory;
    }

    private static Path root() {
        String configured = System.getProperty("kitchen.shared.data", "");
        return configured.isEmpty()
                ? Path.of(System.getProperty("kitchen.root"), "..", "shared", "data")
                : Path.of(configured);
    }

    /** The project's own, and those beside it where they are. */
    static List<Case> all() throws IOException {
        List<Case> cases = in(OwnModelsTest.DIRECTORY);
        Path beside = root().resolve("onnx").normalize();
        if (Files.isDirectory(beside)) {
            cases.addAll(in(beside));
        }
        return cases;
    }

    private static List<Case> in(Path models) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> directories = Files.list(models)) {
            for (Path directory :
                    directories.filter(Files::isDirectory).sorted().toList()) {
                JsonNode root = MAPPER.readTree(directory.resolve("cases.json"));
                for (JsonNode node : root.get("cases")) {
                    cases.add(new Case(
                            directory.resolve(root.get("model").asString()),
                            directory.getFileName() + "/" + node.get("id").asString(),
                            values(directory, node.get("inputs")),
                            values(directory, node.get("expected")),
                            root.get("rtol").asDouble(),
                            root.get("atol").asDouble()));
                }
            }
        }
        return cases;
    }

    private static Map<String, Value> values(Path directory, JsonNode nodes) throws IOException {
        Map<String, Value> values = new LinkedHashMap<>();
        for (JsonNode node : nodes) {
            Value value = node.has("kind") ? sequenceOfMaps(node) : tensor(directory, node);
            values.put(node.get("name").asString(), value);
        }
        return values;
    }

    /** JSON's keys are strings; those that are numbers were numbers. */
    private static SequenceValue sequenceOfMaps(JsonNode node) {
        List<Value> maps = new ArrayList<>();
        for (JsonNode map : node.get("data")) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            boolean numbers = map.propertyNames().stream().allMatch(it -> it.matches("-?\\d+"));
            map.properties()
                    .forEach(it -> entries.put(numbers ? Long.valueOf(it.getKey()) : it.getKey(), (float)
                            it.getValue().asDouble()));
            maps.add(MapValue.of(numbers ? DataType.INT64 : DataType.STRING, DataType.FLOAT, entries));
        }
        return new SequenceValue(maps);
    }

    private static Tensor tensor(Path directory, JsonNode node) throws IOException {
        long[] shape =
                node.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
        DataType type = type(node.get("datatype").asString());
        if (node.has("data_file")) {
            byte[] bytes =
                    Files.readAllBytes(directory.resolve(node.get("data_file").asString()));
            return Tensor.copyOf(type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), shape);
        }
        List<JsonNode> data = node.get("data").valueStream().toList();
        return switch (type) {
            case STRING ->
                Tensor.ofStrings(data.stream().map(JsonNode::asString).toArray(String[]::new), shape);
            case BOOL -> bools(data, shape);
            case FLOAT -> floats(data, shape);
            case DOUBLE ->
                Tensor.of(data.stream().mapToDouble(SharedCases::number).toArray(), shape);
            default ->
                Tensor.of(data.stream().mapToLong(JsonNode::asLong).toArray(), shape)
                        .convertTo(type);
        };
    }

    private static Tensor bools(List<JsonNode> data, long[] shape) {
        boolean[] array = new boolean[data.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = data.get(i).asBoolean();
        }
        return Tensor.of(array, shape);
    }

    private static Tensor floats(List<JsonNode> data, long[] shape) {
        float[] array = new float[data.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) number(data.get(i));
        }
        return Tensor.of(array, shape);
    }

    /** NaN and infinities stand as texts. */
    private static double number(JsonNode node) {
        return node.isString() ? Double.parseDouble(node.asString()) : node.asDouble();
    }

    private static DataType type(String datatype) {
        return switch (datatype) {
            case "BYTES" -> DataType.STRING;
            case "FP16" -> DataType.FLOAT16;
            case "FP32" -> DataType.FLOAT;
            case "FP64" -> DataType.DOUBLE;
            case "BF16" -> DataType.BFLOAT16;
            default -> DataType.valueOf(datatype);
        };
    }
}
