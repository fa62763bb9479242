package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/** One caller of the front-door fuzz test: makes random calls, and knows what each of them may come to. */
final class FuzzCaller {

    private static final List<String> OUTPUTS = List.of("echo", "sum", "tag");
    private static final int MAX_ROWS = 4;
    private static final int MAX_COLUMNS = 200;

    private final int number;
    private final SplittableRandom random;
    private final Map<String, Endpoint> endpointsByTag;
    private final BooleanSupplier closing;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(4 * MAX_ROWS * MAX_COLUMNS).order(ByteOrder.nativeOrder());
    private final List<String> tags;
    private int calls;
    private int answers;

    FuzzCaller(int number, long seed, Map<String, Endpoint> endpointsByTag, BooleanSupplier closing) {
        this.number = number;
        this.random = new SplittableRandom(seed + number);
        this.endpointsByTag = endpointsByTag;
        this.tags = List.copyOf(endpointsByTag.keySet());
        this.closing = closing;
    }

    /** What one call asks, and so what it has to be answered. */
    private record Call(String tag, Tensor input, List<String> outputs, CallOptions options) {}

    int answers() {
        return answers;
    }

    void call() {
        Call call = randomCall();
        calls++;
        boolean borrowed = random.nextBoolean();
        Tensor input = borrowed ? lend(call.input) : call.input;
        try {
            if (random.nextInt(4) == 0) {
                later(call, input);
            } else {
                check(call, endpoint(call).predict("x", input, call.options));
            }
        } catch (NotReadyException e) {
            assertThat(closing.getAsBoolean()).as("%s, but nobody closes", e).isTrue();
        } catch (DeadlineExceededException e) {
            assertThat(call.options.timeLimit()).as("%s without a limit", e).isPresent();
        }
        scribble();
    }

    private Endpoint endpoint(Call call) {
        return endpointsByTag.get(call.tag);
    }

    private Call randomCall() {
        int rows = random.nextInt(MAX_ROWS + 1);
        int columns = 1 + random.nextInt(MAX_COLUMNS);
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = number * 1_000_003f + calls * 31f + i;
        }
        List<String> outputs = new ArrayList<>(OUTPUTS);
        Collections.shuffle(outputs, new java.util.Random(random.nextLong()));
        outputs = outputs.subList(0, 1 + random.nextInt(OUTPUTS.size()));
        CallOptions.Builder options = CallOptions.builder().requestedOutputs(outputs.toArray(String[]::new));
        if (random.nextInt(5) == 0) {
            options.timeLimit(Duration.ofNanos(1 + random.nextInt(200_000)));
        }
        return new Call(
                tags.get(random.nextInt(tags.size())), Tensor.of(data, rows, columns), outputs, options.build());
    }

    private Tensor lend(Tensor input) {
        memory.clear();
        input.copyTo(memory);
        return Tensor.borrow(DataType.FLOAT, memory.flip(), input.shape().toArray());
    }

    /** The call is over, or has copied its input: from here on the memory is the caller's again. */
    private void scribble() {
        memory.clear();
        while (memory.hasRemaining()) {
            memory.putFloat(Float.NaN);
        }
    }

    private void later(Call call, Tensor input) {
        CompletableFuture<Prediction> future =
                endpoint(call).predictAsync(PredictionRequest.of(Map.of("x", input), call.options));
        scribble();
        boolean cancelled = random.nextInt(3) == 0 && future.cancel(true);
        try {
            check(call, future.join());
            assertThat(cancelled).isFalse();
        } catch (CancellationException e) {
            assertThat(cancelled).as("%s, but nobody cancelled", e).isTrue();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KitchenException cause && !(cause instanceof CancelledException)) {
                throw cause;
            }
            throw e;
        }
    }

    private void check(Call call, Prediction prediction) {
        assertThat(prediction.model()).isEqualTo(endpoint(call).name());
        assertThat(prediction.outputs().names()).isEqualTo(call.outputs);
        for (String output : call.outputs) {
            Tensor actual = prediction.tensor(output);
            switch (output) {
                case "echo" -> assertThat(actual).isEqualTo(call.input);
                case "sum" -> assertThat(actual).isEqualTo(sums(call.input));
                default -> assertThat(actual.stringAt(0)).isEqualTo(call.tag);
            }
        }
        answers++;
    }

    private static Tensor sums(Tensor input) {
        int rows = (int) input.shape().dimension(0);
        int columns = (int) input.shape().dimension(1);
        double[] sums = new double[rows];
        for (int i = 0; i < rows * columns; i++) {
            sums[i / columns] += input.floatAt(i);
        }
        return Tensor.of(sums, rows);
    }
}
