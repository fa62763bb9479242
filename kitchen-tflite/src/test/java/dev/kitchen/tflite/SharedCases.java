package dev.kitchen.tflite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Real models with inputs and the answers they should give, where they are at hand: beside the project, or where the
 * system property {@code kitchen.shared.data} says.
 */
final class SharedCases {

    private static final JsonMapper MAPPER = new JsonMapper();

    private SharedCases() {}

    /** One question to a model, and its answer; tensors in the order of the model's. */
    record Case(Path model, String id, List<Tensor> inputs, List<Tensor> expected) {}

    /** A file that must end in an error. */
    static List<Path> bad() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path directory : directories()) {
            JsonNode root = MAPPER.readTree(directory.resolve("cases.json"));
            if (root.has("load")) {
                files.add(directory.resolve(root.get("model").asString()));
            }
        }
        return files;
    }

    static Path model(String directory) throws IOException {
        Path place = root().resolve(directory);
        return place.resolve(
                MAPPER.readTree(place.resolve("cases.json")).get("model").asString());
    }

    /** The project's own, and those beside it where they are. */
    static List<Case> all() throws IOException {
        List<Path> directories = new ArrayList<>(directories(OwnModelTest.DIRECTORY));
        if (Files.isDirectory(place())) {
            directories.addAll(directories(place()));
        }
        List<Case> cases = new ArrayList<>();
        for (Path directory : directories) {
            JsonNode root = MAPPER.readTree(directory.resolve("cases.json"));
            for (JsonNode node : root.path("cases")) {
                cases.add(new Case(
                        directory.resolve(root.get("model").asString()),
                        directory.getFileName() + "/" + node.get("id").asString(),
                        tensors(directory, node.get("inputs")),
                        tensors(directory, node.get("expected"))));
            }
        }
        return cases;
    }

    private static Path root() {
        assumeTrue(Files.isDirectory(place()), "no shared test data at " + place());
        return place();
    }

    private static Path place() {
        String configured = System.getProperty("kitchen.shared.data", "");
        Path data = configured.isEmpty()
                ? Path.of(System.getProperty("kitchen.root"), "..", "shared", "data")
                : Path.of(configured);
        return data.resolve("tflite").normalize();
    }

    private static List<Path> directories() throws IOException {
        return directories(root());
    }

    private static List<Path> directories(Path models) throws IOException {
        try (Stream<Path> directories = Files.list(models)) {
            return directories.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static List<Tensor> tensors(Path directory, JsonNode nodes) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        for (JsonNode node : nodes) {
            tensors.add(tensor(directory, node));
        }
        return tensors;
    }

    private static Tensor tensor(Path directory, JsonNode node) throws IOException {
        long[] shape = numbers(node.get("shape")).mapToLong(JsonNode::asLong).toArray();
        String datatype = node.get("datatype").asString();
        if (node.has("data_file")) {
            byte[] bytes =
                    Files.readAllBytes(directory.resolve(node.get("data_file").asString()));
            return Tensor.copyOf(
                    DataType.valueOf(datatype), ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), shape);
        }
        Stream<JsonNode> data = numbers(node.get("data"));
        return switch (datatype) {
            case "BYTES" -> Tensor.ofStrings(data.map(JsonNode::asString).toArray(String[]::new), shape);
            case "FP32" -> floats(data.toList(), shape);
            default ->
                Tensor.of(data.mapToLong(JsonNode::asLong).toArray(), shape).convertTo(DataType.valueOf(datatype));
        };
    }

    private static Tensor floats(List<JsonNode> data, long[] shape) {
        float[] array = new float[data.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) data.get(i).asDouble();
        }
        return Tensor.of(array, shape);
    }

    private static Stream<JsonNode> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
