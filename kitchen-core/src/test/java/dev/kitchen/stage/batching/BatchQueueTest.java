package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

    private static final long SECOND = 1_000_000_000;

    private static BatchQueue queue(BatchingConfig batching) {
        return new BatchQueue(
                batching, new BatchSize(batching.maxItems(), batching.targetLatency()), () -> 0, () -> true);
    }

    private static Member member(CallOptions options) {
        NamedValues inputs = NamedValues.of("x", Tensor.of(new float[] {1}, 1, 1));
        return new Member(PredictionRequest.of(inputs, options), new CallContext(0, CallContext.NO_DEADLINE), 1, 0);
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
}
