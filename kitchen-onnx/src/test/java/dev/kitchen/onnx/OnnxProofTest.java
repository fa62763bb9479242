package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.json.ModelBundle;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.predict.Ticker;
import dev.kitchen.proof.ProofPlan;
import dev.kitchen.proof.ProofReport;
import dev.kitchen.proof.ProofReport.Outcome;
import dev.kitchen.proof.VersionProof;
import dev.kitchen.runtime.Watchdog;
import dev.kitchen.session.SessionContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.RunContext;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Versions prove themselves, or not, with ONNX Runtime under them. */
class OnnxProofTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(OnnxProofTest.class);
    private static final String PLACE = "model 'm', version '2'";
    private static final Tensor ROWS = Tensor.ofRows(new float[][] {{1, 2, 3, 4}, {-1, 0, 0.5f, 2}, {0, 0, 0, 0}});

    @TempDir
    Path directory;

    private final OnnxBackend backend = new OnnxBackend();
    private final Watchdog watchdog = new Watchdog(Ticker.system(), Duration.ofSeconds(10), "proof-watchdog");
    private final SessionContext environment =
            new SessionContext(Ticker.system(), watchdog, new SafeListener(List.of()));

    @BeforeEach
    void start() {
        watchdog.start();
    }

    @AfterEach
    void stop() {
        watchdog.close();
    }

    private ProofReport prove(Path model, List<GoldenCase> cases, List<Integer> batchSizes) {
        return prove(model, cases, batchSizes, Duration.ofSeconds(60), Optional.empty());
    }

    private ProofReport prove(
            Path model,
            List<GoldenCase> cases,
            List<Integer> batchSizes,
            Duration runLimit,
            Optional<ModelSignature> current) {
        ProofPlan plan = new ProofPlan(Optional.empty(), current, cases, batchSizes, Optional.empty(), runLimit, false);
        try (InferenceSession session = backend.load(model)) {
            return new VersionProof(PLACE, session, plan, environment).run();
        }
    }

    /** What the model answers, as a case. */
    private GoldenCase answered(Path model, Tensor x, List<String> outputs) {
        try (InferenceSession session = backend.load(model)) {
            NamedValues inputs = NamedValues.of("x", x);
            RunContext context = RunContext.unstoppable();
            return GoldenCase.of("three rows", inputs, session.run(inputs, outputs, context));
        }
    }

    @Test
    void aClassifierAnswersItsCasesInEveryBatchSize() throws IOException {
        Path model = TestModels.classifier(directory, "m", 7);
        GoldenCase golden = answered(model, ROWS, List.of("y", "label"));

        assertThat(prove(model, List.of(golden), List.of(1, 8, 32)).reason()).isEmpty();
    }

    @Test
    void anotherModelsAnswersRejectIt() throws IOException {
        Path trained = TestModels.classifier(directory, "trained", 7);
        Path swapped = TestModels.classifier(directory, "swapped", 8);
        GoldenCase golden = answered(trained, ROWS, List.of("y"));

        assertThat(prove(swapped, List.of(golden), List.of(1, 8, 32)).reason())
                .startsWith(PLACE + ": golden case 'three rows': output 'y' element 0 is ")
                .contains(", expected ", " ± ");
    }

    @Test
    void aModelThatLoadsAndFailsEveryInferenceIsRejected() throws IOException {
        TensorProto impossible = TensorProto.newBuilder()
                .setName("shape")
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(2)
                .addInt64Data(7)
                .addInt64Data(11)
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .setName("fails")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "batch", 4))
                .addInitializer(impossible)
                .addNode(TestModels.node("Reshape", "y", "x", "shape"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 7, 11))
                .build();
        Path model = TestModels.write(directory, "m", TestModels.model(graph));

        ProofReport report = prove(model, List.of(), List.of());

        assertThat(report.steps().get(0).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.reason()).startsWith(PLACE + ": a run with made-up inputs: ");
    }

    @Test
    void integersAreMadeUpSoThatDividingByThemEndsNothing() throws IOException {
        int int64 = TensorProto.DataType.INT64_VALUE;
        GraphProto graph = GraphProto.newBuilder()
                .setName("divides")
                .addInput(TestModels.tensor("a", int64, "n"))
                .addInput(TestModels.tensor("b", int64, "n"))
                .addNode(TestModels.node("Div", "y", "a", "b"))
                .addOutput(TestModels.tensor("y", int64, "n"))
                .build();

        assertThat(prove(TestModels.write(directory, "m", TestModels.model(graph)), List.of(), List.of(1, 8))
                        .reason())
                .isEmpty();
    }

    @Test
    void aRunWithoutEndIsStopped() throws IOException {
        Path model = TestModels.slow(directory, 4_000);
        Tensor x = Tensor.of(new float[256 * 256], 256, 256);
        GoldenCase golden = GoldenCase.of("slow", NamedValues.of("x", x), NamedValues.of("y", x));

        ProofReport report = prove(model, List.of(golden), List.of(), Duration.ofMillis(20), Optional.empty());

        assertThat(report.reason()).isEqualTo(PLACE + ": golden case 'slow': no answer within 20.0 ms");
    }

    @Test
    void aSignatureThatBreaksCallersIsRejected() throws IOException {
        Path model = TestModels.classifier(directory, "m", 7);
        ModelSignature current = ModelSignature.of(
                List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 30))),
                List.of(new TensorSpec("y", DataType.FLOAT, Shape.of(-1, 3))));

        assertThat(prove(model, List.of(), List.of(), Duration.ofSeconds(60), Optional.of(current))
                        .reason())
                .isEqualTo(PLACE + ": its signature breaks callers of the current version: input 'x' is FLOAT [-1, 4],"
                        + " expected FLOAT [-1, 30]");
    }

    /** Real models, their published answers turned into bundles; one of them mixes up the labels of a batch. */
    @Test
    void realModelsProveThemselvesByTheirBundles() throws IOException {
        List<String> failures = new ArrayList<>();
        Map<Path, List<SharedCases.Case>> byModel = casesByModel();
        int inBatches = 0;
        for (Map.Entry<Path, List<SharedCases.Case>> one : byModel.entrySet()) {
            List<Integer> sizes = takesRows(one.getKey()) ? List.of(1, 8, 32) : List.of();
            inBatches += sizes.isEmpty() ? 0 : 1;
            ModelBundle bundle = BundleFiles.write(directory, one.getValue(), sizes);
            ProofReport report = prove(one.getKey(), bundle.goldenCases(), bundle.batchSizes());
            if (!report.passed()) {
                failures.add(one.getKey().getParent().getFileName() + ": " + report.reason());
            }
        }

        LOGGER.warn("proofs: {} real models by their bundles, {} of them in batches", byModel.size(), inBatches);
        assertThat(byModel).isNotEmpty();
        assertThat(failures)
                .allMatch(it -> it.startsWith("snack-squeezenet: ")
                        && it.endsWith("output 'classLabel' has shape [1, 8], expected [8, 1]"));
    }

    @Test
    void realModelsWithOneWrongNumberAreRejected() throws IOException {
        List<String> passed = new ArrayList<>();
        for (Map.Entry<Path, List<SharedCases.Case>> one : casesByModel().entrySet()) {
            List<SharedCases.Case> wrong = one.getValue().stream()
                    .map(OnnxProofTest::withOneWrongElement)
                    .toList();
            ModelBundle bundle = BundleFiles.write(directory, wrong, List.of());
            if (prove(one.getKey(), bundle.goldenCases(), List.of()).passed()) {
                passed.add(one.getKey().toString());
            }
        }

        assertThat(passed).isEmpty();
    }

    @Test
    void realModelsWithOneWrongScoreAreRejected() throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Map.Entry<Path, List<SharedCases.Case>> one : casesByModel().entrySet()) {
            List<SharedCases.Case> wrong = one.getValue().stream()
                    .filter(it -> it.expected().values().stream().anyMatch(SequenceValue.class::isInstance))
                    .map(OnnxProofTest::withOneWrongScore)
                    .toList();
            if (!wrong.isEmpty()) {
                ModelBundle bundle = BundleFiles.write(directory, wrong, List.of());
                reasons.add(prove(one.getKey(), bundle.goldenCases(), List.of()).reason());
            }
        }

        LOGGER.warn("proofs: wrong scores of {} real models", reasons.size());
        assertThat(reasons)
                .hasSizeGreaterThan(2)
                .allSatisfy(it -> assertThat(it).matches(".*: output '.*' row \\d+: '.*' is .*, expected .* ± .*"));
    }

    @Test
    void realModelsAreTriedWithMadeUpInputs() throws IOException {
        Map<Outcome, List<String>> outcomes = new EnumMap<>(Outcome.class);
        for (Path model : casesByModel().keySet()) {
            ProofReport report = prove(model, List.of(), List.of());
            outcomes.computeIfAbsent(report.steps().get(0).outcome(), it -> new ArrayList<>())
                    .add(model.getParent().getFileName() + " " + report.reason());
        }

        LOGGER.warn("proofs: trial runs of real models: {}", outcomes);
        assertThat(outcomes).containsKey(Outcome.PASSED).doesNotContainKey(Outcome.FAILED);
    }

    private static Map<Path, List<SharedCases.Case>> casesByModel() throws IOException {
        Map<Path, List<SharedCases.Case>> byModel = new LinkedHashMap<>();
        for (SharedCases.Case one : SharedCases.all()) {
            if (one.expected().values().stream().anyMatch(Tensor.class::isInstance)) {
                byModel.computeIfAbsent(one.model(), it -> new ArrayList<>()).add(one);
            }
        }
        return byModel;
    }

    private boolean takesRows(Path model) {
        try (InferenceSession session = backend.load(model)) {
            return session.signature().inputs().stream()
                    .allMatch(it -> it instanceof TensorSpec spec
                            && spec.shape().rank() > 1
                            && spec.shape().dimension(0) == Shape.DYNAMIC);
        }
    }

    private static SharedCases.Case withOneWrongElement(SharedCases.Case one) {
        Map<String, Value> expected = new LinkedHashMap<>(one.expected());
        for (Map.Entry<String, Value> output : expected.entrySet()) {
            if (output.getValue() instanceof Tensor tensor && tensor.elementCount() > 0) {
                output.setValue(withOneWrongElement(tensor));
                break;
            }
        }
        return new SharedCases.Case(one.model(), one.id(), one.inputs(), expected, one.rtol(), one.atol());
    }

    private static SharedCases.Case withOneWrongScore(SharedCases.Case one) {
        Map<String, Value> expected = new LinkedHashMap<>(one.expected());
        expected.replaceAll((name, value) -> value instanceof SequenceValue rows ? withOneWrongScore(rows) : value);
        return new SharedCases.Case(one.model(), one.id(), one.inputs(), expected, one.rtol(), one.atol());
    }

    private static SequenceValue withOneWrongScore(SequenceValue rows) {
        List<Value> wrong = new ArrayList<>(rows.elements());
        MapValue last = (MapValue) wrong.get(wrong.size() - 1);
        Map<Object, Object> entries = new LinkedHashMap<>(last.entries());
        Object key = entries.keySet().iterator().next();
        entries.compute(key, (label, score) -> ((Float) score) + 0.01f);
        wrong.set(wrong.size() - 1, MapValue.of(last.keyType(), last.valueType(), entries));
        return new SequenceValue(wrong);
    }

    private static Tensor withOneWrongElement(Tensor tensor) {
        int last = tensor.elementCount() - 1;
        if (tensor.type() == DataType.STRING) {
            String[] texts = tensor.toStringArray();
            texts[last] += "!";
            return Tensor.ofStrings(texts, tensor.shape().toArray());
        }
        ByteBuffer bytes = ByteBuffer.allocate(tensor.sizeBytes()).order(ByteOrder.nativeOrder());
        tensor.copyTo(bytes);
        int width = tensor.type().sizeBytes();
        switch (tensor.type()) {
            case FLOAT -> bytes.putFloat(last * width, bytes.getFloat(last * width) * 2 + 1);
            case DOUBLE -> bytes.putDouble(last * width, bytes.getDouble(last * width) * 2 + 1);
            default -> bytes.put(last * width, (byte) (bytes.get(last * width) ^ 1));
        }
        return Tensor.copyOf(tensor.type(), bytes.clear(), tensor.shape());
    }
}
