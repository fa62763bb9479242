package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.onnx.rows.RowAnalysis;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which models are batched: by what their graphs say, and by what a trial shows. */
@Timeout(300)
class MixedRowsTest {

    @TempDir
    Path directory;

    private static Optional<String> refusal(Path model, Backend backend) {
        try (Kitchen kitchen = Kitchen.builder()
                .models(model)
                .backend(backend)
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder()
                                .batching(BatchingConfig.defaults())
                                .build())
                .open()) {
            Endpoint endpoint =
                    kitchen.endpoint(kitchen.endpointNames().iterator().next());
            return endpoint.batchingRefusal();
        }
    }

    @Test
    void graphsThatMixRowsAreNotBatched() throws IOException {
        Map<String, ModelProto> models = new LinkedHashMap<>(MixedRowModels.all());
        models.putAll(MixedRowModels.shownByTheirGraphsOnly());
        for (var model : models.entrySet()) {
            Path file = TestModels.write(directory, "mixed", model.getValue());
            assertThat(refusal(file, new OnnxBackend()))
                    .as(model.getKey())
                    .hasValueSatisfying(
                            reason -> assertThat(reason).startsWith("its rows depend on one another: node '"));
        }
    }

    @Test
    void aTrialFindsMixedRowsByItself() throws IOException {
        for (var model : MixedRowModels.all().entrySet()) {
            Path file = TestModels.write(directory, "mixed", model.getValue());
            assertThat(refusal(file, new StructureBlind(new OnnxBackend())))
                    .as(model.getKey())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .containsAnyOf(
                                    "is not what it is alone",
                                    "it is not shown that its rows are independent",
                                    "of one row has shape [0, 2], expected one row"));
        }
    }

    @Test
    void functionsAndProductsWithinRowsAreBatched() throws IOException {
        for (ModelProto model : List.of(MixedRowModels.normalisedByAFunction(), MixedRowModels.multipliedByEinsum())) {
            Path file = TestModels.write(directory, "honest", model);
            try (InferenceSession session = new OnnxBackend().load(file)) {
                assertThat(session.rowDependence()).isEqualTo(RowDependence.independent());
            }
            assertThat(refusal(file, new OnnxBackend())).isEmpty();
        }
    }

    /** Each product doubles what its number is made of, each concatenation the length of a list. */
    @ParameterizedTest
    @ValueSource(strings = {"Mul", "Concat"})
    void sizesThatGrowWithEachNodeAreNotFollowedWithoutEnd(String operator) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n", "k"))
                .addNode(TestModels.node("Shape", "s0", "x"));
        for (int i = 0; i < 60; i++) {
            NodeProto.Builder node = TestModels.node(operator, "s" + (i + 1), "s" + i, "s" + i).toBuilder();
            if (operator.equals("Concat")) {
                node.addAttribute(TestModels.integer("axis", 0));
            }
            graph.addNode(node);
        }
        graph.addNode(TestModels.node("Relu", "y", "x")).addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", "k"));
        Path file = TestModels.write(directory, "m", TestModels.model(graph.build()));

        RowDependence dependence =
                RowAnalysis.of(OnnxFile.scan(file, Long.MAX_VALUE).graph());

        assertThat(dependence).isEqualTo(RowDependence.independent());
    }

    @Test
    void aTrialShowsTheRowsOfAClassifierToBeIndependent() throws IOException {
        Path file = TestModels.classifier(directory, "iris", 1);
        assertThat(refusal(file, new StructureBlind(new OnnxBackend()))).isEmpty();
    }

    @Test
    void realModelsOfIndependentRowsAreBatched() throws IOException {
        Set<String> batched = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SharedCases.directory("onnx"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".onnx")).toList()) {
                if (refusal(file, new OnnxBackend()).isEmpty()) {
                    batched.add(file.getParent().getFileName().toString());
                }
            }
        }
        assertThat(batched)
                .containsExactly(
                        "bert-toy",
                        "cuisine-v1",
                        "cuisine-v2",
                        "dynamic-axes-sum",
                        "external-data",
                        "int8-qdq-conv",
                        "lgbm-classifier-tensor",
                        "lgbm-regressor-tensor",
                        "tinybert-embedder",
                        "triton-simple",
                        "triton-simple-int8",
                        "triton-simple-string",
                        "xgboost-classifier-tree",
                        "xgboost-regressor-tree");
    }

    /** A backend that does not say what the structure of its models is. */
    private record StructureBlind(Backend backend) implements Backend {

        @Override
        public String name() {
            return backend.name();
        }

        @Override
        public boolean accepts(Path modelFile) {
            return backend.accepts(modelFile);
        }

        @Override
        public InferenceSession load(Path modelFile) {
            return new BlindSession(backend.load(modelFile));
        }

        @Override
        public List<Finding> preflight() {
            return backend.preflight();
        }
    }

    private record BlindSession(InferenceSession session) implements InferenceSession {

        @Override
        public ModelSignature signature() {
            return session.signature();
        }

        @Override
        public ModelMetadata metadata() {
            return session.metadata();
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
            return session.run(inputs, outputs, context);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
