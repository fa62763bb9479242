package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX's own backend node suite, in this one JVM: what ONNX Runtime's Java API answers, Kitchen answers alike, and all
 * else ends in a typed error. The suite is ONNX's directory {@code onnx/backend/test/data/node}; where it is comes in
 * the system property {@code kitchen.onnx.node.suite}.
 */
class NodeSuiteTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(NodeSuiteTest.class);
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-5;

    private final Map<String, List<String>> outcomes = new TreeMap<>();

    @Test
    void answersWhatTheOfficialApiAnswersAndRefusesTheRestWithTypedErrors() throws IOException {
        String suite = System.getProperty("kitchen.onnx.node.suite", "");
        assumeTrue(!suite.isEmpty(), "the system property kitchen.onnx.node.suite does not say where the suite is");

        for (Path model : models(Path.of(suite))) {
            for (Path dataSet : NodeCase.dataSets(model.getParent())) {
                String outcome = outcome(model, dataSet);
                outcomes.computeIfAbsent(outcome, it -> new ArrayList<>())
                        .add(model.getParent().getFileName().toString());
            }
        }

        outcomes.forEach((outcome, names) -> LOGGER.warn("node suite: {} {}", names.size(), outcome));
        outcomes.entrySet().stream()
                .filter(it -> it.getKey().startsWith("FAILED"))
                .forEach(it -> LOGGER.error("{}: {}", it.getKey(), it.getValue()));
        assertThat(outcomes.keySet()).noneMatch(it -> it.startsWith("FAILED"));
    }

    private static List<Path> models(Path suite) throws IOException {
        try (Stream<Path> files = Files.walk(suite, 2)) {
            return files.filter(it -> it.getFileName().toString().equals("model.onnx"))
                    .sorted()
                    .toList();
        }
    }

    private static String outcome(Path model, Path dataSet) throws IOException {
        ModelProto proto = ModelProto.parseFrom(Files.readAllBytes(model));
        NodeCase testCase;
        try {
            testCase = NodeCase.read(
                    dataSet,
                    types(requiredInputs(proto)),
                    types(proto.getGraph().getOutputList()));
        } catch (NodeCase.UnknownTypeException e) {
            testCase = null;
        }
        boolean official = testCase != null && OfficialReference.answers(model, names(proto), testCase.inputs());
        try {
            List<String> differences = kitchenDifferences(model, proto, testCase);
            if (differences.isEmpty()) {
                return official ? "answered as expected" : "answered as expected, where the official API does not";
            }
            if (testCase == null) {
                return "loaded, with values of types that Kitchen does not know";
            }
            return OfficialReference.agrees(model, names(proto), testCase.inputs(), RELATIVE, ABSOLUTE)
                    ? "answered as the official API, not as the suite expects"
                    : "FAILED: " + differences;
        } catch (KitchenException e) {
            LOGGER.info("{}: {}", model.getParent().getFileName(), e.toString());
            return official
                    ? "FAILED where the official API answers: " + e
                    : "refused with a typed error, as the official API refuses it";
        } catch (RuntimeException e) {
            return "FAILED with an error that is not Kitchen's: " + e;
        }
    }

    private static List<String> names(ModelProto proto) {
        return requiredInputs(proto).stream().map(ValueInfoProto::getName).toList();
    }

    private static List<ValueInfoProto> requiredInputs(ModelProto proto) {
        GraphProto graph = proto.getGraph();
        Set<String> initializers =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        return graph.getInputList().stream()
                .filter(it -> !initializers.contains(it.getName()))
                .toList();
    }

    private static List<TypeProto> types(List<ValueInfoProto> infos) {
        return infos.stream().map(ValueInfoProto::getType).toList();
    }

    private static List<String> kitchenDifferences(Path model, ModelProto proto, NodeCase testCase) {
        try (Kitchen kitchen =
                Kitchen.builder().models(model).shutdownHook(false).open()) {
            Endpoint endpoint = kitchen.endpoint("model");
            if (testCase == null) {
                return List.of("not comparable");
            }
            Map<String, Value> inputs = new LinkedHashMap<>();
            for (int i = 0; i < testCase.inputs().size(); i++) {
                inputs.put(names(proto).get(i), testCase.inputs().get(i));
            }
            Prediction prediction = endpoint.predict(inputs);
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < testCase.outputs().size(); i++) {
                String name = proto.getGraph().getOutput(i).getName();
                differences.addAll(ValueDifferences.of(
                        name, testCase.outputs().get(i), prediction.value(name), RELATIVE, ABSOLUTE));
            }
            return differences;
        }
    }
}
