package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.proof.ProofPlan;
import dev.kitchen.proof.ProofReport;
import dev.kitchen.proof.ProofReport.Outcome;
import dev.kitchen.proof.VersionProof;
import dev.kitchen.runtime.Watchdog;
import dev.kitchen.session.SessionContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VersionProofTest {

    private static final String PLACE = "model 'm', version '3'";

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final Watchdog watchdog = new Watchdog(ticker, Duration.ofSeconds(10), "proof-watchdog");
    private final SessionContext environment = new SessionContext(ticker, watchdog, new SafeListener(List.of()));

    private Optional<ModelSignature> expected = Optional.empty();
    private Optional<ModelSignature> current = Optional.empty();
    private List<GoldenCase> goldenCases = List.of();
    private List<Integer> batchSizes = List.of();
    private Optional<Duration> latencyBudget = Optional.empty();
    private boolean force;

    @BeforeEach
    void start() {
        watchdog.start();
    }

    @AfterEach
    void stop() {
        watchdog.close();
        assertThat(backend.violations()).isZero();
    }

    private ProofPlan plan() {
        return new ProofPlan(expected, current, goldenCases, batchSizes, latencyBudget, Duration.ofSeconds(60), force);
    }

    private ProofReport prove(InferenceSession session) {
        return new VersionProof(PLACE, session, plan(), environment).run();
    }

    private ProofReport proveFake() throws IOException {
        try (InferenceSession session = backend.load(FakeBackend.writeModel(directory, "m", "t"))) {
            return prove(session);
        }
    }

    private static GoldenCase fakeCase(double... sums) {
        Tensor x = Tensor.ofRows(new float[][] {{1, 2}, {3, 4}});
        Map<String, Value> outputs =
                Map.of("echo", x, "sum", Tensor.of(sums, sums.length), "tag", Tensor.ofStrings(new String[] {"t"}, 1));
        return GoldenCase.of("rows", NamedValues.of("x", x), NamedValues.of(outputs));
    }

    @Test
    void knownAnswersAreReplayedAloneAndInEveryBatchSize() throws IOException {
        goldenCases = List.of(fakeCase(3, 7));
        batchSizes = List.of(1, 2, 8, 33);

        ProofReport report = proveFake();

        assertThat(report.passed()).isTrue();
        assertThat(report.reason()).isEmpty();
        assertThat(report.steps()).singleElement().satisfies(it -> {
            assertThat(it.name()).isEqualTo("golden cases");
            assertThat(it.words()).isEqualTo("1 replayed, batch sizes [1, 2, 8, 33]");
        });
        // As it stands, which is the batch of 2, and in batches of 1, 8 and 33.
        assertThat(backend.runs()).isEqualTo(4);
    }

    @Test
    void aWrongAnswerIsNamedToTheElementAndNeverForced() throws IOException {
        goldenCases = List.of(fakeCase(3, 7), fakeCase(3, 7.5));
        force = true;

        ProofReport report = proveFake();

        assertThat(report.passed()).isFalse();
        assertThat(report.reason())
                .isEqualTo(PLACE + ": golden case 'rows': output 'sum' element 1 is 7.0, expected 7.5 ± 0.00076");
    }

    @Test
    void aModelThatMixesRowsOfABatchIsFound() {
        ScriptedModel mixing = model(tensor("x", DataType.FLOAT, -1, 1), inputs -> {
            float[] x = inputs.tensor("x").toFloatArray();
            x[x.length - 1] = x.length > 4 ? x[0] : x[x.length - 1];
            return Map.of("y", Tensor.of(x, x.length, 1));
        });
        Tensor rows = Tensor.ofRows(new float[][] {{1}, {2}});
        goldenCases = List.of(GoldenCase.of("two", NamedValues.of("x", rows), NamedValues.of("y", rows)));
        batchSizes = List.of(4, 8);

        assertThat(prove(mixing).reason())
                .isEqualTo(PLACE + ": golden case 'two' in a batch of 8: output 'y' element 7 is 1.0, expected 2.0"
                        + " ± 0.00021");
    }

    @Test
    void aBatchThatTheModelCannotTakeIsAFailure() {
        ScriptedModel single = model(tensor("x", DataType.FLOAT, 1, 4), inputs -> Map.of("y", inputs.value("x")));
        batchSizes = List.of(1);
        assertThat(prove(single).passed()).isTrue();

        batchSizes = List.of(1, 8);
        force = true;

        assertThat(prove(single).reason())
                .isEqualTo(PLACE + ": made-up inputs in a batch of 8: the model takes 'x: FLOAT [1, 4]', expected a"
                        + " tensor with a dynamic first dimension");
    }

    @Test
    void aCaseThatDoesNotFitTheModelIsAFailure() throws IOException {
        Tensor x = Tensor.ofRows(new float[][] {{1}});
        goldenCases = List.of(GoldenCase.of("odd", NamedValues.of("z", x), NamedValues.of("echo", x)));
        assertThat(proveFake().reason()).isEqualTo(PLACE + ": golden case 'odd': unknown input 'z', expected [x]");

        goldenCases = List.of(GoldenCase.of("odd", NamedValues.of("x", x), NamedValues.of("score", x)));
        assertThat(proveFake().reason())
                .startsWith(PLACE + ": golden case 'odd': output 'score' is not there, expected one of [echo: FLOAT");

        goldenCases = List.of(GoldenCase.of("odd", NamedValues.of("x", x), NamedValues.of("sum", x)));
        assertThat(proveFake().reason())
                .isEqualTo(PLACE + ": golden case 'odd': output 'sum' has type DOUBLE, expected FLOAT");
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void aModelThatFailsEveryInferenceIsRejectedEvenByForce() throws IOException {
        backend.fail(() -> new InferenceException("out of order"));
        force = true;
        assertThat(proveFake().reason()).isEqualTo(PLACE + ": a run with made-up inputs: out of order");

        goldenCases = List.of(fakeCase(3, 7));
        backend.fail(() -> new IllegalStateException("broken"));

        assertThat(proveFake().reason())
                .isEqualTo(PLACE + ": golden case 'rows': java.lang.IllegalStateException: broken");
    }

    @Test
    void inputsThatNobodyCanMakeUpLeaveAModelUnproved() throws IOException {
        backend.fail(() -> new InvalidRequestException("rows do not fit"));
        ProofReport report = proveFake();

        assertThat(report.passed()).isFalse();
        assertThat(report.steps().get(0).outcome()).isEqualTo(Outcome.UNPROVED);
        assertThat(report.reason())
                .isEqualTo(PLACE + ": it has no golden cases, and what could be made up does not fit:"
                        + " a run with made-up inputs: rows do not fit");

        force = true;
        ProofReport forced = proveFake();

        assertThat(forced.passed()).isTrue();
        assertThat(forced.forced()).containsExactly(report.reason());
    }

    @Test
    void madeUpInputsAreOnesForIntegersAndZerosWhereThoseAreRefused() {
        ScriptedModel lookup = model(tensor("x", DataType.INT64, -1), inputs -> {
            if (inputs.tensor("x").longAt(0) > 0) {
                throw new InvalidRequestException("index 1 of 1");
            }
            return Map.of("y", inputs.value("x"));
        });

        assertThat(prove(lookup).passed()).isTrue();
        assertThat(lookup.asked())
                .extracting(it -> it.tensor("x"))
                .containsExactly(Tensor.of(new long[] {1}, 1), Tensor.of(new long[] {0}, 1));
    }

    @Test
    void madeUpTextsAreNumbersWhereEmptyOnesFail() {
        ScriptedModel parser = model(tensor("x", DataType.STRING, -1), inputs -> {
            Integer.parseInt(inputs.tensor("x").stringAt(0));
            return Map.of("y", inputs.value("x"));
        });

        assertThat(prove(parser).passed()).isTrue();
    }

    @Test
    void madeUpInputsFitAnySignature() {
        TensorSpec element = tensor("", DataType.FLOAT, -1);
        List<ValueSpec> specs = List.of(
                tensor("f", DataType.FLOAT, -1, 3),
                tensor("h", DataType.FLOAT16, 2),
                tensor("u", DataType.UINT8, -1),
                tensor("b", DataType.BOOL, -1),
                tensor("s", DataType.STRING, 2),
                tensor("scalar", DataType.INT32),
                new TensorSpec("any", DataType.DOUBLE, Shape.UNKNOWN),
                new SequenceSpec("q", element),
                new MapSpec("m", DataType.STRING, DataType.FLOAT),
                new OptionalSpec("o", element));
        ScriptedModel model = new ScriptedModel(
                specs, List.of(tensor("y", DataType.FLOAT, -1, 3)), inputs -> Map.of("y", inputs.value("f")));

        assertThat(prove(model).passed()).isTrue();
        NamedValues made = model.asked().get(0);
        assertThat(made.value("f")).isEqualTo(Tensor.of(new float[3], 1, 3));
        assertThat(made.tensor("h").toFloatArray()).containsExactly(0, 0);
        assertThat(made.value("u")).isEqualTo(Tensor.ofBits(DataType.UINT8, new byte[] {1}, 1));
        assertThat(made.value("b")).isEqualTo(Tensor.of(new boolean[] {true}, 1));
        assertThat(made.value("s")).isEqualTo(Tensor.ofStrings(new String[] {"", ""}, 2));
        assertThat(made.value("scalar")).isEqualTo(Tensor.of(new int[] {1}));
        assertThat(made.value("any")).isEqualTo(Tensor.of(new double[1], 1));
        assertThat(made.value("q")).isEqualTo(new SequenceValue(List.of()));
        assertThat(made.value("m")).isEqualTo(MapValue.of(DataType.STRING, DataType.FLOAT, Map.of()));
    }

    @Test
    void inputsTooLargeToMakeUpLeaveAModelUnproved() {
        ScriptedModel vast = model(tensor("x", DataType.FLOAT, 1L << 40), inputs -> Map.of());

        assertThat(prove(vast).steps().get(0).outcome()).isEqualTo(Outcome.UNPROVED);
        assertThat(vast.asked()).isEmpty();
    }

    @Test
    void aSignatureThatBreaksCallersIsRefusedBeforeAnythingRunsUnlessForced() throws IOException {
        current = Optional.of(ModelSignature.of(
                List.of(tensor("x", DataType.DOUBLE, -1, -1)), List.of(tensor("sum", DataType.DOUBLE, -1))));
        assertThat(proveFake().reason())
                .isEqualTo(PLACE + ": its signature breaks callers of the current version: input 'x' is FLOAT"
                        + " [-1, -1], expected DOUBLE [-1, -1]");
        assertThat(backend.runs()).isZero();

        force = true;
        ProofReport forced = proveFake();

        assertThat(forced.passed()).isTrue();
        assertThat(forced.forced()).hasSize(1);
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void aSignatureThatIsNotItsBundlesIsNeverForced() throws IOException {
        expected = Optional.of(ModelSignature.of(
                List.of(tensor("x", DataType.FLOAT, -1, -1)), List.of(tensor("score", DataType.FLOAT, -1))));
        force = true;

        assertThat(proveFake().reason())
                .isEqualTo(PLACE + ": its signature is not the one its bundle names: output 'score' is not there,"
                        + " expected FLOAT [-1]");
    }

    @Test
    void aRunBeyondTheLatencyBudgetIsRefusedUnlessForced() throws IOException {
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(20)));
        latencyBudget = Optional.of(Duration.ofMillis(20));
        assertThat(proveFake().latency()).contains(Duration.ofMillis(20));
        assertThat(proveFake().passed()).isTrue();

        latencyBudget = Optional.of(Duration.ofMillis(19));
        ProofReport report = proveFake();
        assertThat(report.reason()).isEqualTo(PLACE + ": its latency is 20.0 ms, expected at most 19.0 ms");

        force = true;

        assertThat(proveFake().passed()).isTrue();
    }

    @Test
    void aRunBeyondItsTimeLimitIsStoppedAndFails() throws Exception {
        backend.block();
        goldenCases = List.of(fakeCase(3, 7));
        CompletableFuture<ProofReport> proof = CompletableFuture.supplyAsync(() -> {
            try {
                return proveFake();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        backend.awaitRunning(1);

        ticker.advance(Duration.ofSeconds(60));

        assertThat(proof.get().reason()).isEqualTo(PLACE + ": golden case 'rows': no answer within 60000.0 ms");
    }

    @Test
    void aStoppedProofProvesNothingEitherWay() throws Exception {
        backend.block();
        try (InferenceSession session = backend.load(FakeBackend.writeModel(directory, "m", "t"))) {
            VersionProof proof = new VersionProof(PLACE, session, plan(), environment);
            CompletableFuture<ProofReport> running = CompletableFuture.supplyAsync(proof::run);
            backend.awaitRunning(1);

            proof.stop();

            assertThatThrownBy(running::join).hasCauseInstanceOf(NotReadyException.class);
            VersionProof late = new VersionProof(PLACE, session, plan(), environment);
            late.stop();
            assertThatThrownBy(late::run).isInstanceOf(NotReadyException.class);
            assertThat(backend.runs()).isEqualTo(1);
        }
    }

    private static ScriptedModel model(TensorSpec input, Function<NamedValues, Map<String, Value>> answer) {
        return new ScriptedModel(List.of(input), List.of(new TensorSpec("y", input.type(), input.shape())), answer);
    }
}
