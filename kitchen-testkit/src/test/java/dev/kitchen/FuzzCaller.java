package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.predict.BulkResult;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

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
    private final FuzzRules rules;
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(4 * MAX_ROWS * MAX_COLUMNS).order(ByteOrder.nativeOrder());
    private final Thread thread = Thread.currentThread();
    private boolean interrupted;
    private int calls;
    private int answers;
    private int cached;

    FuzzCaller(
            int number,
            long seed,
            Map<Endpoint, BoundCalls> endpoints,
            boolean hasAlias,
            FuzzRules rules,
            BooleanSupplier closing) {
        this.rules = rules;
        this.number = number;
        this.random = new SplittableRandom(seed + number);
        this.shared = endpoints;
        this.endpoints = List.copyOf(endpoints.keySet());
        this.closing = closing;
        this.hasAlias = hasAlias;
    }

    int calls() {
        return calls;
    }

    int answers() {
        return answers;
    }

    /** How many of the answers came from a cache. */
    int cached() {
        return cached;
    }

    /** What this caller waits for is to end; for whoever runs beside it. */
    synchronized void interrupt() {
        interrupted = true;
        thread.interrupt();
    }

    private synchronized void forgetInterrupt() {
        interrupted = false;
        Thread.interrupted();
    }

    private synchronized boolean wasInterrupted() {
        return interrupted;
    }

    void call() {
        FuzzCall call = randomCall();
        calls++;
        try {
            make(call);
        } catch (NotReadyException e) {
            assertThat(closing.getAsBoolean()).as("%s, but nobody closes", e).isTrue();
            endedTyped(e, call);
        } catch (DeadlineExceededException e) {
            assertThat(rules.isChaos() || call.options().timeLimit().isPresent())
                    .as("%s without a limit", e)
                    .isTrue();
            endedTyped(e, call);
        } catch (CancelledException e) {
            assertThat(wasInterrupted()).as("%s, but nobody interrupted", e).isTrue();
            endedTyped(e, call);
        } catch (RejectedException | InferenceException e) {
            endedTyped(e, call);
        }
        scribble();
        if (random.nextInt(100) == 0) {
            invalidate(call.endpoint());
        }
        if (rules.isChaos()) {
            forgetInterrupt();
        }
    }

    private void endedTyped(KitchenException e, FuzzCall call) {
        rules.requireExpected(e, call.isPoisoned());
    }

    private static void invalidate(Endpoint endpoint) {
        try {
            endpoint.invalidateCache();
        } catch (KitchenException e) {
            assertThat(e).hasMessageContaining(Faults.MESSAGE);
        }
    }

    private void make(FuzzCall call) {
        boolean borrowed = random.nextBoolean();
        Tensor input = borrowed ? lend(call.input()) : call.input();
        switch (random.nextInt(rules.isChaos() ? 10 : 9)) {
            case 0, 1 -> later(call, input);
            case 2 -> bound(call);
            case 3 -> shared.get(call.endpoint()).use(it -> sharedBound(it, call));
            case 4 -> bulk(call, input);
            case 9 -> abandon(call);
            default -> check(call, call.endpoint().predict("x", input, call.options()));
        }
    }

    /** A bound call of its own, run a few times. */
    private void bound(FuzzCall call) {
        try (BoundCall bound = call.endpoint().bind(Map.of("x", call.input().shape()))) {
            for (int i = 0; i < 3; i++) {
                run(bound, call, call.input());
            }
        }
    }

    /** A bound call that other callers use as well: it is bound to rows of 2. */
    private boolean sharedBound(BoundCall bound, FuzzCall call) {
        run(bound, call, Tensor.of(new float[] {number, calls}, 1, 2));
        return true;
    }

    private void run(BoundCall bound, FuzzCall call, Tensor input) {
        CallOptions options = call.options()
                .timeLimit()
                .map(it -> CallOptions.builder().timeLimit(it).build())
                .orElseGet(CallOptions::defaults);
        input.copyTo(bound.input("x").clear());
        bound.run(options);
        assertThat(FuzzCall.isPoisoned(input)).isFalse();
        assertThat(bound.value("echo")).isEqualTo(input);
        assertThat(bound.value("sum")).isEqualTo(FuzzCall.sums(input));
        assertThat(((Tensor) bound.value("tag")).toStringArray())
                .allMatch(FuzzCall.tag(call.endpoint().name(), bound.version())::equals);
        ByteBuffer echo = bound.output("echo").clear();
        assertThat(Tensor.copyOf(DataType.FLOAT, echo, input.shape().toArray())).isEqualTo(input);
        answers++;
    }

    private FuzzCall randomCall() {
        boolean common = random.nextInt(3) > 0;
        Tensor input = common ? commonInput() : input(random, number * 1_000_003f + calls * 31f);
        if (rules.isChaos() && random.nextInt(20) == 0) {
            input = poisoned(input);
        }
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
        return new FuzzCall(endpoints.get(random.nextInt(endpoints.size())), input, outputs, options.build());
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

    /** The same but for one row, which the model fails on. */
    private static Tensor poisoned(Tensor input) {
        float[] data = input.toFloatArray();
        if (data.length > 0) {
            data[data.length - 1] = FuzzCall.POISON;
        }
        return Tensor.of(data, input.shape().toArray());
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

    private void later(FuzzCall call, Tensor input) {
        CompletableFuture<Prediction> future = call.endpoint().predictAsync(call.request(input));
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
    private void bulk(FuzzCall call, Tensor input) {
        PredictionRequest request = call.request(input);
        List<BulkResult<Prediction>> results =
                call.endpoint().predictAll(List.of(request, request, request)).toList();
        assertThat(results).hasSize(3);
        for (BulkResult<Prediction> result : results) {
            check(call, result.answer());
        }
    }

    /** Reads some results of many, and lets the others be; now and then without saying so. */
    private void abandon(FuzzCall call) {
        Stream<BulkResult<Prediction>> results =
                call.endpoint().predictAll(Stream.generate(() -> call.request(call.input())));
        Iterator<BulkResult<Prediction>> unread = results.iterator();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            BulkResult<Prediction> result = unread.next();
            assertThat(result.index()).isEqualTo(i);
            check(call, result.answer());
        }
        if (random.nextBoolean()) {
            results.close();
        }
    }

    private void check(FuzzCall call, Prediction prediction) {
        call.check(prediction);
        cached += prediction.source() == Source.CACHE ? 1 : 0;
        answers++;
    }
}
