package dev.kitchen.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.tensor.NamedValues;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandedOverRunTest {

    private static final Prediction ANSWER = new Prediction("m", "1", NamedValues.of(Map.of()), 0);
    private static final Waiting NOT_AT_ALL = (context, done) -> {};
    private static final Waiting SPINNING = (context, done) -> {
        while (!done.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.onSpinWait();
        }
    };

    private final CallContext call = new CallContext(5, 1_000_005);

    private HandedOverRun handedOver(Function<CallContext, Prediction> run) {
        return new HandedOverRun(run, call, "m");
    }

    private static void inBackground(Runnable run) {
        Thread thread = new Thread(run);
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void givesTheAnswerOfTheOtherThreadAndHowLongTheModelRan() {
        HandedOverRun run = handedOver(own -> {
            own.ranFor(7);
            return ANSWER;
        });
        inBackground(run);

        assertThat(run.await(SPINNING)).isSameAs(ANSWER);
        assertThat(call.runNanos()).isEqualTo(7);
    }

    @Test
    void theRunHasTheCallsBeginningAndNoDeadline() {
        AtomicReference<CallContext> seen = new AtomicReference<>();
        HandedOverRun run = handedOver(own -> {
            seen.set(own);
            return ANSWER;
        });
        run.run();

        run.await(NOT_AT_ALL);

        assertThat(seen.get().startNanos()).isEqualTo(5);
        assertThat(seen.get().hasDeadline()).isFalse();
    }

    @Test
    void givesTheFailureOfTheOtherThread() {
        HandedOverRun run = handedOver(own -> {
            throw new IllegalStateException("broken");
        });
        run.run();

        assertThatThrownBy(() -> run.await(NOT_AT_ALL))
                .isInstanceOf(InferenceException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    void runsOnceAndNotAfterItWasClaimed() {
        AtomicInteger runs = new AtomicInteger();
        HandedOverRun run = handedOver(own -> {
            runs.incrementAndGet();
            return ANSWER;
        });

        run.run();
        run.run();
        assertThat(runs).hasValue(1);
        assertThat(run.claim()).isFalse();

        HandedOverRun claimed = handedOver(own -> {
            runs.incrementAndGet();
            return ANSWER;
        });
        assertThat(claimed.claim()).isTrue();
        claimed.run();
        assertThat(runs).hasValue(1);
    }

    @Test
    void aCallThatIsStoppedBeforeItsRunBeginsLeavesAndItNeverBegins() {
        AtomicInteger runs = new AtomicInteger();
        HandedOverRun run = handedOver(own -> {
            runs.incrementAndGet();
            return ANSWER;
        });
        Waiting stopped = (context, done) -> context.stop(StopReason.DEADLINE);

        assertThatThrownBy(() -> run.await(stopped))
                .isInstanceOfSatisfying(
                        DeadlineExceededException.class,
                        it -> assertThat(it.duringRun()).isFalse());
        run.run();
        assertThat(runs).hasValue(0);
    }

    @Test
    void aCallThatIsStoppedDuringItsRunStopsItAndStaysUntilItHasEnded() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        HandedOverRun run = handedOver(own -> {
            own.onStop(stopped::countDown);
            begun.countDown();
            await(stopped);
            ended.incrementAndGet();
            throw own.stoppedException("m");
        });
        inBackground(run);
        Waiting stopping = (context, done) -> {
            await(begun);
            context.stop(StopReason.CANCELLED);
        };

        assertThatThrownBy(() -> run.await(stopping)).isInstanceOf(CancelledException.class);
        assertThat(ended).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCallWhoseTimeEndsDuringItsRunSaysSo() {
        HandedOverRun run = handedOver(own -> {
            throw new InferenceException("stopped");
        });
        run.run();
        call.stop(StopReason.DEADLINE);

        assertThatThrownBy(() -> run.await(NOT_AT_ALL))
                .isInstanceOfSatisfying(
                        DeadlineExceededException.class,
                        it -> assertThat(it.duringRun()).isTrue());
    }
}
