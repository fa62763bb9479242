package dev.kitchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kitchen.BoundCall;
import dev.kitchen.BoundCalls;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link Backend} promises. Extend it, say which backend and which model, and run it as a test:
 *
 * <pre>{@code
 * class MyBackendTest extends BackendContract {
 *     protected Backend backend() { return new MyBackend(); }
 *     protected Path model() { return Path.of("src/test/resources/rows.mine"); }
 *     ...
 * }
 * }</pre>
 *
 * <p>A capability that a backend lacks is switched off by overriding its {@code supports…} method, so that forgetting
 * one fails loudly.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
public abstract class BackendContract {

    private static final int CALLERS = 8;
    private static final int CALLS_EACH = 200;
    private static final double TOLERANCE = 1e-4;

    protected BackendContract() {}

    /** The backend under test; made anew for each test. */
    protected abstract Backend backend();

    /**
     * A model with one FLOAT input of rank 2 or more and at least one FLOAT output, which answers row by row and gives
     * different rows different answers. Its file's name is as {@link Backend#accepts} wants it.
     */
    protected abstract Path model() throws IOException;

    /** A model that computes for a second or more on {@link #slowInputs}. Not called without {@link #supportsStopping}. */
    protected abstract Path slowModel() throws IOException;

    /** What {@link #slowModel} takes its time for. */
    protected abstract Map<String, Value> slowInputs();

    /** Whether the first dimension of the model's input takes any size. */
    protected boolean supportsDynamicFirstDimension() {
        return true;
    }

    /** Whether a run can be stopped before it ends. */
    protected boolean supportsStopping() {
        return true;
    }

    /** Whether a call can ask for some of the outputs. */
    protected boolean supportsRequestedOutputs() {
        return true;
    }

    @TempDir
    Path directory;

    @Test
    void describesItsModel() throws IOException {
        try (InferenceSession session = backend().load(model())) {
            assertThat(session.signature().inputs()).hasSize(1).allMatch(TensorSpec.class::isInstance);
            assertThat(session.signature().outputs()).isNotEmpty();
            assertThat(session.signature().outputs())
                    .extracting(ValueSpec::name)
                    .doesNotHaveDuplicates();
            assertThat(session.metadata().backend()).isEqualTo(backend().name());
        }
    }

    /** The rows of the model are independent: a backend says so, or that it does not know. */
    @Test
    void doesNotTakeIndependentRowsForMixedOnes() throws IOException {
        try (InferenceSession session = backend().load(model())) {
            RowDependence dependence = session.rowDependence();
            assertThat(dependence.kind()).as("%s", dependence).isNotEqualTo(RowDependence.Kind.MIXES);
            assertThat(dependence.reason().isEmpty()).isEqualTo(dependence.kind() == RowDependence.Kind.INDEPENDENT);
        }
    }

    @Test
    void acceptsItsModelByNameAlone() throws IOException {
        assertThat(backend().accepts(model())).isTrue();
        assertThat(backend().accepts(Path.of("model.unheard-of"))).isFalse();
    }

    @Test
    void answersWithOutputsOfTheSignature() throws IOException {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);

            Prediction prediction = endpoint.predict(inputName(endpoint), row(endpoint, 1));

            assertThat(prediction.outputs().names())
                    .isEqualTo(endpoint.signature().outputs().stream()
                            .map(ValueSpec::name)
                            .toList());
            for (ValueSpec spec : endpoint.signature().outputs()) {
                if (spec instanceof TensorSpec tensorSpec) {
                    Tensor tensor = prediction.tensor(spec.name());
                    assertThat(tensor.type()).isEqualTo(tensorSpec.type());
                    assertThat(tensorSpec.shape().accepts(tensor.shape())).isTrue();
                }
            }
        }
    }

    @Test
    void refusesInputsThatDoNotFitBeforeTheModelRuns() throws IOException {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            String name = inputName(endpoint);
            Tensor good = row(endpoint, 1);

            assertThatThrownBy(() -> endpoint.predict(Map.of())).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> endpoint.predict("no such input", good))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> endpoint.predict(name, good.convertTo(DataType.DOUBLE)))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> endpoint.predict(name, good.reshape(good.elementCount())))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(endpoint.predict(name, good)).isNotNull();
        }
    }

    @Test
    void takesAnyNumberOfRows() throws IOException {
        assumeTrue(supportsDynamicFirstDimension(), "this backend has no dynamic first dimension");
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            for (int rows : new int[] {1, 2, 7, 64}) {
                float[] together = floats(endpoint, endpoint.predict(inputName(endpoint), rows(endpoint, 0, rows)));
                for (int i = 0; i < rows; i++) {
                    float[] alone = floats(endpoint, endpoint.predict(inputName(endpoint), row(endpoint, i)));
                    for (int j = 0; j < alone.length; j++) {
                        assertThat((double) together[i * alone.length + j])
                                .isCloseTo(alone[j], org.assertj.core.data.Offset.offset(TOLERANCE));
                    }
                }
            }
        }
    }

    @Test
    void givesConcurrentCallersTheirOwnAnswers() throws Exception {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            List<NamedValues> expected = Callers.results(
                    CALLERS,
                    caller -> endpoint.predict(inputName(endpoint), row(endpoint, caller))
                            .outputs());
            assertThat(expected).doesNotHaveDuplicates();

            Callers.run(CALLERS, caller -> {
                for (int i = 0; i < CALLS_EACH; i++) {
                    int mine = (caller + i) % CALLERS;
                    Prediction prediction = endpoint.predict(inputName(endpoint), row(endpoint, mine));
                    assertThat(prediction.outputs()).isEqualTo(expected.get(mine));
                }
            });
        }
    }

    @Test
    void leavesInputsAsTheyAre() throws IOException {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            Tensor input = row(endpoint, 3);
            ByteBuffer memory = ByteBuffer.allocateDirect(input.sizeBytes()).order(ByteOrder.nativeOrder());
            input.copyTo(memory);
            Tensor borrowed =
                    Tensor.borrow(DataType.FLOAT, memory.flip(), input.shape().toArray());

            NamedValues fromOwned = endpoint.predict(inputName(endpoint), input).outputs();
            NamedValues fromBorrowed =
                    endpoint.predict(inputName(endpoint), borrowed).outputs();

            assertThat(fromBorrowed).isEqualTo(fromOwned);
            assertThat(input).isEqualTo(row(endpoint, 3));
            assertThat(borrowed).isEqualTo(input);
        }
    }

    @Test
    void outputsOutliveTheSessionAndLaterRuns() throws IOException {
        Prediction first;
        Prediction same;
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            first = endpoint.predict(inputName(endpoint), row(endpoint, 1));
            for (int i = 2; i < 50; i++) {
                endpoint.predict(inputName(endpoint), row(endpoint, i));
            }
            same = endpoint.predict(inputName(endpoint), row(endpoint, 1));
        }

        assertThat(first.outputs()).isEqualTo(same.outputs());
    }

    @Test
    void computesOnlyTheRequestedOutputs() throws IOException {
        assumeTrue(supportsRequestedOutputs(), "this backend computes all outputs");
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            Prediction all = endpoint.predict(inputName(endpoint), row(endpoint, 1));
            for (String name : all.outputs().names()) {
                Prediction one =
                        endpoint.predict(inputName(endpoint), row(endpoint, 1), CallOptions.requestedOutputs(name));

                assertThat(one.outputs().names()).containsExactly(name);
                assertThat(one.value(name)).isEqualTo(all.value(name));
            }
        }
    }

    @Test
    void refusesCallsOnceClosed() throws IOException {
        Kitchen kitchen = open(model());
        Endpoint endpoint = only(kitchen);
        String name = inputName(endpoint);
        Tensor input = row(endpoint, 1);
        kitchen.close();
        kitchen.close();

        assertThatThrownBy(() -> endpoint.predict(name, input)).isInstanceOf(NotReadyException.class);
    }

    @Test
    void closesUnderRunningCallersWithoutLosingOne() throws Exception {
        for (int round = 0; round < 5; round++) {
            Kitchen kitchen = open(model());
            Endpoint endpoint = only(kitchen);
            Tensor input = row(endpoint, 1);
            NamedValues expected = endpoint.predict(inputName(endpoint), input).outputs();
            Callers callers = Callers.start(CALLERS, (caller, started) -> {
                try {
                    while (true) {
                        assertThat(endpoint.predict(inputName(endpoint), input).outputs())
                                .isEqualTo(expected);
                        started.run();
                    }
                } catch (NotReadyException e) {
                    assertThat(e).hasMessageContaining("clos");
                }
            });
            callers.awaitStarted();

            kitchen.close();

            callers.join();
        }
    }

    @Test
    void closingOneOfTwoSessionsLeavesTheOtherAtWork() throws IOException {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            Prediction before = endpoint.predict(inputName(endpoint), row(endpoint, 1));
            backend().load(model()).close();

            Prediction after = endpoint.predict(inputName(endpoint), row(endpoint, 1));

            assertThat(after.outputs()).isEqualTo(before.outputs());
        }
    }

    @Test
    void stopsARunWhoseTimeIsOver() throws IOException {
        assumeTrue(supportsStopping(), "this backend cannot stop a run");
        try (Kitchen kitchen = open(slowModel())) {
            Endpoint endpoint = only(kitchen);

            assertThatThrownBy(() -> endpoint.predict(slowInputs(), CallOptions.timeLimit(Duration.ofMillis(20))))
                    .isInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void stopsRunsThatOutlastTheDrainLimit() throws Exception {
        assumeTrue(supportsStopping(), "this backend cannot stop a run");
        RecordingListener listener = new RecordingListener();
        Kitchen kitchen = Kitchen.builder()
                .models(slowModel())
                .backend(backend())
                .listener(listener)
                .drainLimit(Duration.ZERO)
                .open();
        Endpoint endpoint = only(kitchen);
        Callers callers = Callers.start(2, (caller, started) -> {
            started.run();
            try {
                while (true) {
                    endpoint.predict(slowInputs());
                }
            } catch (NotReadyException e) {
                assertThat(e).hasMessageContaining("clos");
            }
        });
        callers.awaitStarted();

        kitchen.close();

        callers.join();
        assertThat(listener.closes()).singleElement().matches(it -> !it.leaked());
    }

    @Test
    void boundCallsAnswerAsPredictDoes() throws IOException {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            try (BoundCall call =
                    endpoint.bind(Map.of(inputName(endpoint), row(endpoint, 0).shape()))) {
                for (int i = 0; i < 20; i++) {
                    Tensor input = row(endpoint, i);
                    Prediction expected = endpoint.predict(inputName(endpoint), input);

                    input.copyTo(call.input(inputName(endpoint)).clear());
                    call.run();

                    for (String name : expected.outputs().names()) {
                        assertThat(call.value(name)).isEqualTo(expected.value(name));
                    }
                }
            }
        }
    }

    @Test
    void boundCallsAnswerBatches() throws IOException {
        assumeTrue(supportsDynamicFirstDimension(), "this backend's model takes one row");
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            Tensor input = rows(endpoint, 5, 7);
            Prediction expected = endpoint.predict(inputName(endpoint), input);
            try (BoundCall call = endpoint.bind(Map.of(inputName(endpoint), input.shape()))) {
                input.copyTo(call.input(inputName(endpoint)).clear());
                call.run();

                for (String name : expected.outputs().names()) {
                    assertThat(call.value(name)).isEqualTo(expected.value(name));
                }
            }
        }
    }

    @Test
    void sharedBoundCallsKeepTheirCallersApart() throws Exception {
        try (Kitchen kitchen = open(model())) {
            Endpoint endpoint = only(kitchen);
            String name = inputName(endpoint);
            List<NamedValues> expected = Callers.results(
                    CALLERS,
                    caller -> endpoint.predict(name, row(endpoint, caller)).outputs());
            String output = expected.get(0).name(0);
            try (BoundCalls calls = endpoint.bindings(
                    3, Map.of(inputName(endpoint), row(endpoint, 0).shape()))) {
                Callers.run(CALLERS, caller -> {
                    for (int i = 0; i < CALLS_EACH; i++) {
                        int mine = (caller + i) % CALLERS;
                        Value answer = calls.use(call -> {
                            row(endpoint, mine).copyTo(call.input(name).clear());
                            call.run();
                            return call.value(output);
                        });
                        assertThat(answer).isEqualTo(expected.get(mine).value(output));
                    }
                });
            }
        }
    }

    @Test
    void closesUnderBoundCallersWithoutLosingOne() throws Exception {
        for (int round = 0; round < 5; round++) {
            Kitchen kitchen = open(model());
            Endpoint endpoint = only(kitchen);
            Map<String, Shape> shapes =
                    Map.of(inputName(endpoint), row(endpoint, 1).shape());
            Callers callers = Callers.start(CALLERS, (caller, started) -> {
                try (BoundCall call = endpoint.bind(shapes)) {
                    while (true) {
                        call.run();
                        started.run();
                    }
                } catch (NotReadyException e) {
                    assertThat(e).hasMessageContaining("clos");
                }
            });
            callers.awaitStarted();

            kitchen.close();

            callers.join();
        }
    }

    @Test
    void stopsBoundRunsWhoseTimeIsOver() throws IOException {
        assumeTrue(supportsStopping(), "this backend cannot stop a run");
        try (Kitchen kitchen = open(slowModel())) {
            Endpoint endpoint = only(kitchen);
            Map<String, Shape> shapes = slowInputs().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, it -> ((Tensor) it.getValue()).shape()));
            try (BoundCall call = endpoint.bind(shapes)) {
                slowInputs()
                        .forEach((name, value) ->
                                ((Tensor) value).copyTo(call.input(name).clear()));
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> call.run(CallOptions.timeLimit(Duration.ofMillis(20))))
                            .isInstanceOf(DeadlineExceededException.class);
                }
            }
        }
    }

    @Test
    void refusesAFileOfAnotherKind() throws IOException {
        byte[] good = Files.readAllBytes(model());
        refuses("empty", new byte[0]);
        refuses("text", "This is not a model at all.\n".getBytes(StandardCharsets.UTF_8));
        refuses("truncated", java.util.Arrays.copyOf(good, good.length / 2));
    }

    private void refuses(String name, byte[] content) throws IOException {
        String fileName = model().getFileName().toString();
        Path file = Files.write(directory.resolve(name + fileName.substring(fileName.lastIndexOf('.'))), content);

        assertThatThrownBy(() -> backend().load(file).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(file.getFileName().toString());
    }

    @Test
    void refusesAMissingFile() throws IOException {
        Path file = directory.resolve("missing-" + model().getFileName());

        assertThatThrownBy(() -> backend().load(file).close()).isInstanceOf(ModelLoadException.class);
    }

    @Test
    void looksThisMachineOverWithoutFailing() {
        assertThat(backend().preflight())
                .allSatisfy(it -> assertThat(it.code()).matches("[a-z0-9-]+"))
                .allSatisfy(it -> assertThat(it.problem()).doesNotContain("\n"));
    }

    @Test
    void aSessionIgnoresAStopThatComesAfterItsRun() throws IOException {
        try (InferenceSession session = backend().load(model())) {
            TensorSpec spec = (TensorSpec) session.signature().inputs().get(0);
            NamedValues inputs = NamedValues.of(spec.name(), rows(spec, 0, 1));
            List<String> outputs =
                    session.signature().outputs().stream().map(ValueSpec::name).toList();
            CallContext late = new CallContext(0, CallContext.NO_DEADLINE);
            NamedValues before = session.run(inputs, outputs, late);
            late.stop(CallContext.StopReason.CANCELLED);

            NamedValues after = session.run(inputs, outputs, new CallContext(0, CallContext.NO_DEADLINE));

            assertThat(after).isEqualTo(before);
        }
    }

    private Kitchen open(Path model) {
        return Kitchen.builder().models(model).backend(backend()).open();
    }

    private static Endpoint only(Kitchen kitchen) {
        return kitchen.endpoint(kitchen.endpointNames().iterator().next());
    }

    private static String inputName(Endpoint endpoint) {
        return inputSpec(endpoint).name();
    }

    private static TensorSpec inputSpec(Endpoint endpoint) {
        return (TensorSpec) endpoint.signature().inputs().get(0);
    }

    private static Tensor row(Endpoint endpoint, int number) {
        return rows(endpoint, number, 1);
    }

    private static Tensor rows(Endpoint endpoint, int first, int count) {
        return rows(inputSpec(endpoint), first, count);
    }

    /** Rows that differ from one another; dynamic dimensions after the first get the size 4. */
    private static Tensor rows(TensorSpec spec, int first, int count) {
        long[] shape = spec.shape().toArray();
        int rowSize = 1;
        for (int i = 1; i < shape.length; i++) {
            shape[i] = shape[i] < 0 ? 4 : shape[i];
            rowSize = Math.toIntExact(rowSize * shape[i]);
        }
        shape[0] = count;
        float[] data = new float[count * rowSize];
        for (int i = 0; i < data.length; i++) {
            int row = first + i / rowSize;
            data[i] = (float) Math.sin(1 + row * 0.7 + (i % rowSize) * (1 + row % 3));
        }
        return Tensor.of(data, shape);
    }

    private static float[] floats(Endpoint endpoint, Prediction prediction) {
        String name = endpoint.signature().outputs().stream()
                .filter(it -> it instanceof TensorSpec tensor && tensor.type() == DataType.FLOAT)
                .findFirst()
                .orElseThrow()
                .name();
        return prediction.tensor(name).toFloatArray();
    }
}
