package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads take batches, how many, and what becomes of calls where there is none. */
@Timeout(60)
class BatchQueueThreadsTest {

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

    private static Member call() {
        return member(CallOptions.defaults());
    }

    @Test
    void startsAThreadForEachRunThatMayBeUnderWay() {
        AtomicInteger started = new AtomicInteger();
        BatchQueue queue = new BatchQueue(
                BatchingConfig.builder().concurrentRuns(2).build(),
                BatchSize.of(BatchingConfig.defaults()),
                () -> 0,
                () -> started.incrementAndGet() > 0);

        queue.add(call());
        assertThat(started).hasValue(1);
        queue.add(call());
        assertThat(started).hasValue(2);
        queue.add(call());
        assertThat(started).hasValue(2);
    }

    @Test
    void callsRunThemselvesWhereTheOnlyThreadCannotBeStarted() {
        BatchQueue queue = new BatchQueue(WHEN_FULL, BatchSize.of(WHEN_FULL), () -> 0, () -> false);
        Member member = call();

        assertThat(queue.add(member)).isTrue();

        assertThat(member.runsAlone()).isTrue();
        assertThat(queue.takeFirst()).isEmpty();
    }

    @Test
    void callsWaitForTheOtherThreadsWhereOneOfThemEnds() {
        BatchQueue queue = queue(BatchingConfig.builder().concurrentRuns(2).build());
        Member first = call();
        queue.add(first);
        queue.add(call());

        queue.threadEnded();

        assertThat(first.isDone()).isFalse();
        queue.threadEnded();
        assertThat(first.runsAlone()).isTrue();
    }

    @Test
    void aThreadThatWaitsIsUsedBeforeAnotherOneIsStarted() throws Exception {
        AtomicInteger started = new AtomicInteger();
        BatchingConfig batching = BatchingConfig.builder().concurrentRuns(3).build();
        BatchQueue queue =
                new BatchQueue(batching, BatchSize.of(batching), () -> 0, () -> started.incrementAndGet() > 0);
        FutureTask<Optional<SharedRun>> taking = new FutureTask<>(queue::take);
        Thread taker = new Thread(taking);
        taker.setDaemon(true);
        taker.start();
        while (taker.getState() != Thread.State.WAITING) {
            assertThat(taking.isDone()).isFalse();
            Thread.onSpinWait();
        }

        queue.add(call());
        assertThat(taking.get(30, TimeUnit.SECONDS)).isPresent();
        assertThat(started).hasValue(0);
        queue.add(call());

        assertThat(started).hasValue(1);
    }

    @Test
    void whoTakesABatchStartsAThreadForTheNextOneThatHasNone() {
        AtomicInteger started = new AtomicInteger();
        BatchingConfig batching = BatchingConfig.builder().concurrentRuns(2).build();
        BatchQueue queue =
                new BatchQueue(batching, BatchSize.of(batching), () -> 0, () -> started.incrementAndGet() != 2);
        queue.add(call());
        queue.add(member(CallOptions.requestedOutputs("y")));
        assertThat(started).as("the second could not be started").hasValue(2);

        queue.take();

        assertThat(started).hasValue(3);
    }

    @Test
    void noBatchIsTakenWhileAllRunsAreUnderWay() throws Exception {
        BatchingConfig batching = BatchingConfig.builder().concurrentRuns(1).build();
        AtomicInteger started = new AtomicInteger();
        BatchQueue queue =
                new BatchQueue(batching, BatchSize.of(batching), () -> 0, () -> started.incrementAndGet() > 0);
        queue.add(call());
        queue.take();

        queue.add(call());
        queue.close();
        FutureTask<Optional<SharedRun>> taking = new FutureTask<>(queue::take);
        Thread taker = new Thread(taking);
        taker.setDaemon(true);
        taker.start();
        while (taker.getState() != Thread.State.WAITING) {
            assertThat(taking.isDone()).isFalse();
            Thread.onSpinWait();
        }

        assertThat(queue.tryRun()).isFalse();
        assertThat(started).hasValue(1);
        queue.ran();
        assertThat(taking.get(30, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void aCallMayRunByItselfWhereNobodyWaitsAndARunIsFree() {
        BatchQueue queue = queue(BatchingConfig.builder().concurrentRuns(2).build());

        assertThat(queue.tryRun()).isTrue();
        assertThat(queue.tryRun()).isTrue();
        assertThat(queue.tryRun()).isFalse();
        queue.ran();
        assertThat(queue.tryRun()).isTrue();
        queue.ranBefore();
        queue.add(call());
        assertThat(queue.tryRun()).isFalse();
    }
}
