package dev.kitchen.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.runtime.CallContext.StopReason;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {

    private final Waiting waiting = (context, done) -> {};
    private final CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
    private final AtomicInteger stops = new AtomicInteger();

    @Test
    void aStopOfTheCallReachesWhatIsDoneForIt() {
        int stopped = waiting.attend(context, stops::incrementAndGet, () -> {
            context.stop(StopReason.CANCELLED);
            return stops.get();
        });

        assertThat(stopped).isEqualTo(1);
    }

    @Test
    void aStopAfterwardsReachesNothing() {
        assertThat(waiting.<String>attend(context, stops::incrementAndGet, () -> "done"))
                .isEqualTo("done");
        context.stop(StopReason.CANCELLED);

        assertThat(stops).hasValue(0);
    }

    @Test
    void nothingIsLeftToStopWhereTheWorkFailed() {
        assertThatThrownBy(() -> waiting.attend(context, stops::incrementAndGet, () -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        context.stop(StopReason.CANCELLED);

        assertThat(stops).hasValue(0);
    }
}
