package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
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

    /** Where models are registered, it always stands for version 2. */
    static final String ALIAS = "challenger";

    private static final List<String> OUTPUTS = List.of("echo", "sum", "tag");
    private static final int COMMON_INPUTS = 6;
    private static final int MAX_ROWS = 4;
    private static final int MAX_COLUMNS = 200;

    private final int number;
    private final SplittableRandom random;
    private final List<Endpoint> endpoints;
    private final Map<Endpoint, BoundCalls> shared;
    private final BooleanSupplier closing;
    private final boolean hasAlias;
    private final FuzzGuard guard;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(4 * MAX_ROWS * MAX_COLUMNS).order(ByteOrder.nativeOrder());
    private int calls;
    private int answers;
    private int cached;

    FuzzCaller(
            int number,
            long seed,
            Map<Endpoint, BoundCalls> endpoints,
            boolean hasAlias,
            FuzzGuard guard,
            BooleanSupplier closing) {
        this.guard = guard;
        this.number = number;
        this.random = new SplittableRandom(seed + number);
        this.shared = endpoints;
        this.endpoints = List.copyOf(endpoints.keySet());
        this.closing = closing;
        this.hasAlias = hasAlias;
    }

    /** What one call asks, and so what it has to be answered. */
    private record Call(Endpoint endpoint, Tensor input, List<String> outputs, CallOptions options) {}

    int answers() {
        return answers;
    }

    /** How many of the answers came from a cache. */
    int cached() {
        return cached;
    }

    void call() {
        Call call = randomCall();
        calls++;
        boolean borrowed = random.nextBoolean();
        Tensor input = borrowed ? lend(call.input) : call.input;
        try {
            switch (random.nextInt(9)) {
                case 0, 1 -> later(call, input);
                case 2 -> bound(call);
                case 3 -> shared.get(call.endpoint).use(it -> sharedBound(it, call));
                case 4 -> bulk(call, input);
                default -> check(call, call.endpoint.predict("x", input, call.options));
            }
        } catch (NotReadyException e) {
            assertThat(closing.getAsBoolean()).as("%s, but nobody closes", e).isTrue();
        } catch (DeadlineExceededException e) {
            assertThat(call.options.timeLimit()).as("%s without a limit", e).isPresent();
        } catch (RejectedException | InferenceException e) {
            guard.requireExpected(e);
        }
        scribble();
        if (random.nextInt(100) == 0) {
            call.endpoint.invalidateCache();
        }
    }

    /** What the model of an endpoint has to answer, by the version it names. */
    static String tag(String endpoint, String version) {
        return endpoint + " v" + version;
    }

    /** A bound call of its own, run a few times. */
    private void bound(Call call) {
        try (BoundCall bound = call.endpoint.bind(Map.of("x", call.input.shape()))) {
            for (int i = 0; i < 3; i++) {
                run(bound, call, call.input);
            }
        }
    }

    /** A bound call that other callers use as well: it is bound to rows of 2. */
    private boolean sharedBound(BoundCall bound, Call call) {
        run(bound, call, Tensor.of(new float[] {number, calls}, 1, 2));
        return true;
    }

    private void run(BoundCall bound, Call call, Tensor input) {
        CallOptions options = call.options
                .timeLimit()
                .map(it -> CallOptions.builder().timeLimit(it).build())
                .orElseGet(CallOptions::defaults);
        input.copyTo(bound.input("x").clear());
        bound.run(options);
        assertThat(bound.value("echo")).isEqualTo(input);
        assertThat(bound.value("sum")).isEqualTo(sums(input));
        assertThat(((Tensor) bound.value("tag")).toStringArray())
                .allMatch(tag(call.endpoint.name(), bound.version())::equals);
        ByteBuffer echo = bound.output("echo").clear();
        assertThat(Tensor.copyOf(DataType.FLOAT, echo, input.shape().toArray())).isEqualTo(input);
        answers++;
    }

    private Call randomCall() {
        boolean common = random.nextInt(3) > 0;
        Tensor input = common ? commonInput() : input(random, number * 1_000_003f + calls * 31f);
        List<String> outputs = common ? OUTPUTS.subList(0, 2 + random.nextInt(2)) : randomOutputs();
        CallOptions.Builder options = CallOptions.builder().requestedOutputs(outputs.toArray(String[]::new));
        if (random.nextInt(5) == 0) {
            options.timeLimit(Duration.ofNanos(1 + random.nextInt(200_000)));
        }
        if (hasAlias && random.nextInt(4) == 0) {
            options.version(ALIAS);
        }
        options.cacheMode(
                switch (random.nextInt(10)) {
                    case 0 -> CacheMode.BYPASS;
                    case 1 -> CacheMode.REFRESH;
                    default -> CacheMode.USE;
                });
        return new Call(endpoints.get(random.nextInt(endpoints.size())), input, outputs, options.build());
    }

    private List<String> randomOutputs() {
        List<String> outputs = new ArrayList<>(OUTPUTS);
        Collections.shuffle(outputs, new java.util.Random(random.nextLong()));
        return outputs.subList(0, 1 + random.nextInt(OUTPUTS.size()));
    }

    private static Tensor input(SplittableRandom shape, float first) {
        int rows = shape.nextInt(MAX_ROWS + 1);
        int columns = 1 + shape.nextInt(MAX_COLUMNS);
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = first + i;
        }
        return Tensor.of(data, rows, columns);
    }

    /** What other callers ask too; some have the same bytes in another shape. */
    private Tensor commonInput() {
        int which = random.nextInt(COMMON_INPUTS);
        Tensor input = input(new SplittableRandom(which), which);
        long rows = input.shape().dimension(0);
        return random.nextBoolean() ? input : input.reshape(input.shape().dimension(1), rows);
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
                call.endpoint.predictAsync(PredictionRequest.of(Map.of("x", input), call.options));
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

    /** The same three times: what one run answers for all of them is each one's own. */
    private void bulk(Call call, Tensor input) {
        PredictionRequest request = PredictionRequest.of(Map.of("x", input), call.options);
        List<BulkResult<Prediction>> results =
                call.endpoint.predictAll(List.of(request, request, request)).toList();
        assertThat(results).hasSize(3);
        for (BulkResult<Prediction> result : results) {
            check(call, result.answer());
        }
    }

    private void check(Call call, Prediction prediction) {
        assertThat(prediction.model()).isEqualTo(call.endpoint.name());
        assertThat(prediction.outputs().names()).isEqualTo(call.outputs);
        cached += prediction.source() == Source.CACHE ? 1 : 0;
        if (!call.options.version().isEmpty() && prediction.source() != Source.FALLBACK) {
            assertThat(prediction.version()).isEqualTo("2");
        }
        for (String output : call.outputs) {
            Tensor actual = prediction.tensor(output);
            switch (output) {
                case "echo" -> assertThat(actual).isEqualTo(call.input);
                case "sum" -> assertThat(actual).isEqualTo(sums(call.input));
                default ->
                    assertThat(actual.toStringArray())
                            .hasSize((int) call.input.shape().dimension(0))
                            .allMatch(tag(call.endpoint.name(), prediction.version())::equals);
            }
        }
        answers++;
    }

    static Tensor sums(Tensor input) {
        int rows = (int) input.shape().dimension(0);
        int columns = (int) input.shape().dimension(1);
        double[] sums = new double[rows];
        for (int i = 0; i < rows * columns; i++) {
            sums[i / columns] += input.floatAt(i);
        }
        return Tensor.of(sums, rows);
    }
}
