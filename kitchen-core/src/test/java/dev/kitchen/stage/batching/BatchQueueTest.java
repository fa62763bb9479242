package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchQueueTest {

    private static final long SECOND = 1_000_000_000;
    private static final BatchingConfig WHEN_FULL = BatchingConfig.builder()
            .delay(Duration.ofDays(1))
            .aloneBelow(Duration.ZERO)
            .concurrentRuns(5)
            .maxItems(4)
            .build();

    private static BatchQueue queue(BatchingConfig batching) {
        return new BatchQueue(batching, BatchSize.of(batching), () -> 0, () -> true);
    }

    private static Member member(CallOptions options) {
        NamedValues inputs = NamedValues.of("x", Tensor.of(new float[] {1}, 1, 1));
        return new Member(PredictionRequest.of(inputs, options), new CallContext(0, CallContext.NO_DEADLINE), 1, 0);
    }

    private static Member rows(int rows, long deadlineNanos, long dueNanos) {
        NamedValues inputs = NamedValues.of("x", Tensor.of(new float[rows], rows, 1));
        return new Member(
                PredictionRequest.of(inputs, CallOptions.defaults()),
                new CallContext(0, deadlineNanos),
                rows,
                dueNanos);
    }

    private static Member rows(int rows) {
        return rows(rows, CallContext.NO_DEADLINE, 10 * SECOND);
    }

    private static CallOptions parameter(String value) {
        return CallOptions.builder().parameter("p", value).build();
    }

    @Test
    void onlyCallsOfTheSameParametersShareARun() {
        Member one = member(parameter("1"));
        Member two = member(parameter("2"));
        Member oneAgain = member(parameter("1"));
        Member none = member(CallOptions.defaults());
        BatchQueue queue = queue(BatchingConfig.builder().concurrentRuns(3).build());
        assertThat(queue.add(one) && queue.add(two) && queue.add(oneAgain) && queue.add(none))
                .isTrue();

        assertThat(queue.take().orElseThrow().members()).containsExactly(one, oneAgain);
        assertThat(queue.take().orElseThrow().members()).containsExactly(two);
        assertThat(queue.take().orElseThrow().members()).containsExactly(none);
    }

    @Test
    void onlyCallsOfTheSameOutputsShareARun() {
        Member all = member(CallOptions.defaults());
        Member some = member(CallOptions.requestedOutputs("y"));
        BatchQueue queue = queue(BatchingConfig.builder().concurrentRuns(2).build());
        assertThat(queue.add(all) && queue.add(some)).isTrue();

        assertThat(queue.take().orElseThrow().members()).containsExactly(all);
        assertThat(queue.take().orElseThrow().members()).containsExactly(some);
    }

    @Test
    void aCallWaitsForOthersHalfOfItsTimeAtMost() {
        BatchQueue queue = queue(BatchingConfig.builder()
                .delay(Duration.ofSeconds(2))
                .aloneBelow(Duration.ZERO)
                .build());

        assertThat(queue.due(new CallContext(0, 3 * SECOND), SECOND)).isEqualTo(2 * SECOND);
        assertThat(queue.due(new CallContext(0, 60 * SECOND), SECOND)).isEqualTo(3 * SECOND);
        assertThat(queue.due(new CallContext(0, CallContext.NO_DEADLINE), SECOND))
                .isEqualTo(3 * SECOND);
    }

    @Test
    void aBatchHasNoMoreRowsThanItMay() {
        Member two = rows(2);
        Member three = rows(3);
        Member one = rows(1);
        Member four = rows(4);
        BatchQueue queue = queue(WHEN_FULL);
        assertThat(queue.add(two) && queue.add(three) && queue.add(one) && queue.add(four))
                .isTrue();

        assertThat(queue.take().orElseThrow().members()).containsExactly(two);
        assertThat(queue.take().orElseThrow().members()).containsExactly(three, one);
        assertThat(queue.take().orElseThrow().members()).containsExactly(four);
    }

    @Test
    void aBatchHasNoMoreBytesThanItMay() {
        Member first = rows(2);
        Member second = rows(2);
        Member third = rows(1);
        BatchQueue queue =
                queue(BatchingConfig.builder().concurrentRuns(5).maxBytes(16).build());
        assertThat(queue.add(first) && queue.add(second) && queue.add(third)).isTrue();

        assertThat(queue.take().orElseThrow().members()).containsExactly(first, second);
        assertThat(queue.take().orElseThrow().members()).containsExactly(third);
    }

    @Test
    void aBatchRunsWhenTheFirstOfItsCallsIsDueAndThoseThatAreGoneAreLeftOut() {
        AtomicLong now = new AtomicLong();
        BatchQueue queue = new BatchQueue(WHEN_FULL, BatchSize.of(WHEN_FULL), now::get, () -> true);
        Member late = rows(1, SECOND, SECOND);
        Member due = rows(1, CallContext.NO_DEADLINE, 2 * SECOND);
        assertThat(queue.add(late) && queue.add(due)).isTrue();
        now.set(2 * SECOND);

        assertThat(queue.take().orElseThrow().members()).containsExactly(due);
        assertThat(queue.takeFirst()).isEmpty();
    }

    @Test
    void rowsOfThoseWhoLeftDoNotFillABatch() {
        AtomicLong now = new AtomicLong();
        BatchQueue queue = new BatchQueue(WHEN_FULL, BatchSize.of(WHEN_FULL), now::get, () -> true);
        Member left = rows(3);
        Member first = rows(1);
        queue.add(left);
        queue.add(first);
        assertThat(queue.leave(left)).isFalse();
        Member second = rows(3, CallContext.NO_DEADLINE, 0);
        queue.add(second);

        assertThat(queue.take().orElseThrow().members()).containsExactly(first, second);
        assertThat(queue.takeFirst()).isEmpty();
    }

    @Test
    void theFirstCallIsTakenOutForGood() throws Exception {
        BatchQueue queue = queue(BatchingConfig.builder().concurrentRuns(5).build());
        Member first = rows(1);
        Member second = rows(1);
        queue.add(first);
        queue.add(second);

        assertThat(queue.takeFirst()).contains(first);
        assertThat(onAnotherThread(queue::tryRun)).isFalse();

        assertThat(queue.take().orElseThrow().members()).containsExactly(second);
    }

    @Test
    void noMoreCallsWaitThanMay() {
        BatchQueue queue = queue(WHEN_FULL.toBuilder().maxQueued(2).build());

        assertThat(queue.add(rows(1))).isTrue();
        assertThat(queue.add(rows(1))).isTrue();
        assertThat(queue.add(rows(1))).isFalse();
    }

    @Test
    void whatIsQueuedIsTakenBeforeTheEnd() {
        BatchQueue queue = queue(WHEN_FULL);
        Member member = rows(1);
        queue.add(member);

        queue.close();

        assertThat(queue.add(rows(1))).isFalse();
        assertThat(queue.take().orElseThrow().members()).containsExactly(member);
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void aRunIsBegunForThoseWhoStillWait() throws Exception {
        BatchQueue queue = queue(WHEN_FULL);
        Member gone = rows(1, 0, 0);
        Member waits = rows(1);

        assertThat(queue.begin(List.of(gone))).isEmpty();
        SharedRun run = queue.begin(List.of(gone, waits)).orElseThrow();
        assertThat(onAnotherThread(queue::tryRun)).isTrue();

        assertThat(run.members()).containsExactly(waits);
        assertThat(waits.run()).isSameAs(run);
        run.end();
        assertThat(queue.leave(waits)).isFalse();
        assertThat(run.context().isStopped()).isTrue();
    }

    @Test
    void whoLeavesARunKnowsWhetherTheModelRan() {
        BatchQueue queue = queue(WHEN_FULL);
        Member first = rows(1);
        Member last = rows(1);
        SharedRun run = queue.begin(List.of(first, last)).orElseThrow();
        run.context().beginRun();
        run.end();

        assertThat(queue.leave(first)).isTrue();
        assertThat(run.context().isStopped()).isFalse();
        assertThat(queue.leave(last)).isTrue();
        assertThat(run.context().isStopped()).isTrue();
    }

    /** Takes a batch on another thread, which has looked in vain a few times when this returns. */
    private static FutureTask<Optional<SharedRun>> takeInVain(BatchQueue queue, AtomicInteger looks) {
        FutureTask<Optional<SharedRun>> taking = new FutureTask<>(queue::take);
        Thread taker = new Thread(taking);
        taker.setDaemon(true);
        looks.set(0);
        taker.start();
        while (looks.get() < 3) {
            assertThat(taking.isDone()).as("took a batch that is not due").isFalse();
            Thread.onSpinWait();
        }
        return taking;
    }

    @Test
    void onlyRowsThatWaitFillABatch() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        BatchingConfig batching = WHEN_FULL.toBuilder().concurrentRuns(9).build();
        BatchQueue queue = new BatchQueue(
                batching,
                BatchSize.of(batching),
                () -> {
                    looks.incrementAndGet();
                    return now.get();
                },
                () -> true);
        Member left = rows(3);
        queue.add(left);
        queue.leave(left);
        queue.leave(left);
        queue.add(rows(3, SECOND, SECOND));
        queue.add(rows(2, CallContext.NO_DEADLINE, SECOND));
        now.set(SECOND);
        queue.take();
        queue.add(rows(4));
        queue.take();
        Member waits = rows(3);
        queue.add(waits);

        FutureTask<Optional<SharedRun>> taking = takeInVain(queue, looks);
        queue.add(rows(1));

        assertThat(taking.get(30, TimeUnit.SECONDS).orElseThrow().members()).contains(waits);
    }

    /** Fails where another thread waits for a lock that this one did not give back. */
    private static <T> T onAnotherThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task.get(30, TimeUnit.SECONDS);
    }

    @Test
    void noCallWaitsForOthersForMoreThanTenSeconds() {
        CallContext call = new CallContext(0, CallContext.NO_DEADLINE);
        BatchingConfig.Builder batching = BatchingConfig.builder();

        assertThat(queue(batching.delay(Duration.ofSeconds(11)).build()).due(call, 5))
                .isEqualTo(5 + Duration.ofSeconds(10).toNanos());
        assertThat(queue(batching.delay(Duration.ofSeconds(9)).build()).due(call, 5))
                .isEqualTo(5 + Duration.ofSeconds(9).toNanos());
    }
}
