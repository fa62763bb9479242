package dev.kitchen.onnx;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.TypedPrediction;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** One caller of a soak: asks in a way drawn by lot, and compares the answer with what its version must say. */
final class SoakCaller implements AutoCloseable {

    private static final int CALLS_PER_SWAP = 4_000;
    private static final int CALLS_PER_BINDING = 10_000;
    private static final int CALLS_PER_SLOW_ONE = 5_000;

    record Row(float first, float second, float third, float fourth) {}

    private final Endpoint endpoint;
    private final Endpoint slow;
    private final TypedEndpoint<Row, float[]> typed;
    private final SoakModels models;
    private final SoakCounts counts;
    private final Semaphore swaps;
    private final Random random;
    private BoundCall bound;
    private int calls;

    SoakCaller(Kitchen kitchen, SoakModels models, SoakCounts counts, Semaphore swaps, int number) {
        this.endpoint = kitchen.endpoint(SoakModels.NAME);
        this.slow = kitchen.endpoint("slow");
        this.typed = endpoint.typed(Features.of(Row.class).inDeclarationOrder(), Scores.of("y"));
        this.models = models;
        this.counts = counts;
        this.swaps = swaps;
        this.random = new Random(number);
        this.bound = endpoint.bind();
    }

    void ask() {
        int input = random.nextInt(SoakModels.INPUTS);
        switch (random.nextInt(5)) {
            case 0 -> askPlainly(input);
            case 1 -> askTyped(input);
            case 2 -> askBound(input);
            case 3 -> askLater(input);
            default -> askInTime(input);
        }
        calls++;
        if (calls % CALLS_PER_SWAP == 0) {
            swaps.release();
        }
        if (calls % CALLS_PER_BINDING == 0) {
            bound.close();
            bound = endpoint.bind();
        }
        if (calls % CALLS_PER_SLOW_ONE == 0) {
            askTooMuch();
        }
    }

    private void askPlainly(int input) {
        check(endpoint.predict("x", tensor(input)), input);
        counts.plain.increment();
    }

    private void askTyped(int input) {
        float[] row = SoakModels.row(input);
        TypedPrediction<float[]> answer = typed.predictWithDetails(new Row(row[0], row[1], row[2], row[3]));
        float[] expected = ((Tensor) models.expected(answer.version(), input).value(0)).toFloatArray();
        if (!Arrays.equals(answer.value(), expected)) {
            throw new AssertionError("version " + answer.version() + ", input " + input + ": "
                    + Arrays.toString(answer.value()) + ", expected " + Arrays.toString(expected));
        }
        counts.typed.increment();
    }

    private void askBound(int input) {
        tensor(input).copyTo(bound.input("x").clear());
        bound.run();
        Value[] values = {bound.value("y"), bound.value("label")};
        check(bound.version(), NamedValues.of(List.of("y", "label"), values), input);
        counts.bound.increment();
    }

    private void askLater(int input) {
        CompletableFuture<Prediction> answer = endpoint.predictAsync(Map.of("x", tensor(input)));
        if (input == 0) {
            if (answer.cancel(true)) {
                counts.cancelled.increment();
            }
        } else {
            check(answer.join(), input);
            counts.async.increment();
        }
    }

    /** With so little time that some of the answers come too late. */
    private void askInTime(int input) {
        Duration limit = Duration.ofNanos(1_000L << random.nextInt(12));
        try {
            check(endpoint.predict("x", tensor(input), CallOptions.timeLimit(limit)), input);
            counts.inTime.increment();
        } catch (DeadlineExceededException e) {
            counts.late.increment();
        }
    }

    /** A run that would take far longer than it may, so that it is stopped inside. */
    private void askTooMuch() {
        Tensor x = Tensor.of(new float[256 * 256], 256, 256);
        try {
            slow.predict("x", x, CallOptions.timeLimit(Duration.ofMillis(20)));
            throw new AssertionError("the slow model answered in 20 ms");
        } catch (DeadlineExceededException e) {
            counts.stopped.increment();
        }
    }

    private static Tensor tensor(int input) {
        return Tensor.of(SoakModels.row(input), 1, 4);
    }

    private void check(Prediction answer, int input) {
        check(answer.version(), answer.outputs(), input);
    }

    private void check(String version, NamedValues actual, int input) {
        NamedValues expected = models.expected(version, input);
        if (!actual.equals(expected)) {
            throw new AssertionError(
                    "version " + version + ", input " + input + ": " + actual + ", expected " + expected);
        }
    }

    @Override
    public void close() {
        bound.close();
    }
}
