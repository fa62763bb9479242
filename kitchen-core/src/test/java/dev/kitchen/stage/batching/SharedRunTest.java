package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedRunTest {

    private static Member member() {
        return new Member(PredictionRequest.of(Map.of()), new CallContext(0, CallContext.NO_DEADLINE), 1, 0);
    }

    @Test
    void theLastOfItsMembersIsTold() {
        SharedRun run = new SharedRun(List.of(member(), member()), 0);

        assertThat(run.leave()).isFalse();
        assertThat(run.leave()).isTrue();
    }

    @Test
    void whoAbandonsItStopsItWaitsForItsEndAndKeepsAnInterrupt() throws Exception {
        SharedRun run = new SharedRun(List.of(member()), 0);
        FutureTask<Boolean> leaving = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            run.abandon();
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(leaving);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(leaving.isDone()).isFalse();
            Thread.onSpinWait();
        }

        run.end();

        assertThat(leaving.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.context().stopReason()).contains(StopReason.CANCELLED);
    }

    @Test
    void whoAbandonsItWithoutAnInterruptHasNoneAfterwards() {
        SharedRun run = new SharedRun(List.of(member()), 0);
        run.end();

        run.abandon();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
