package dev.kitchen.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.runtime.CallContext.StopReason;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallContextTest {

    private final CallContext context = new CallContext(0, 5_000_000);

    @Test
    void runsWhatIsRegisteredOnceAndKeepsTheFirstReason() {
        AtomicInteger stops = new AtomicInteger();
        context.onStop(stops::incrementAndGet);

        assertThat(context.stop(StopReason.DEADLINE)).isTrue();
        assertThat(context.stop(StopReason.CANCELLED)).isFalse();

        assertThat(stops).hasValue(1);
        assertThat(context.stoppedException("endpoint 'm'"))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("endpoint 'm': no answer within 5.0 ms");
    }

    @Test
    void runsAtOnceWhatIsRegisteredAfterTheStop() {
        AtomicInteger stops = new AtomicInteger();
        context.stop(StopReason.CANCELLED);

        context.onStop(stops::incrementAndGet);

        assertThat(stops).hasValue(1);
        assertThat(context.stoppedException("m")).isInstanceOf(CancelledException.class);
    }

    @Test
    void neverRunsWhatWasTakenBack() {
        AtomicInteger stops = new AtomicInteger();
        context.onStop(stops::incrementAndGet);
        context.clearOnStop();

        context.stop(StopReason.CLOSING);

        assertThat(stops).hasValue(0);
        assertThatThrownBy(() -> context.throwIfStopped("m")).isInstanceOf(NotReadyException.class);
    }

    @Test
    void aRestartedCallKnowsNothingOfTheOneBefore() {
        AtomicInteger stops = new AtomicInteger();
        context.onStop(stops::incrementAndGet);
        context.restart(0, 1);
        context.onStop(() -> {});
        assertThat(context.stop(StopReason.DEADLINE)).isTrue();

        context.restart(0, 2);

        assertThat(context.isStopped()).isFalse();
        context.onStop(stops::incrementAndGet);
        assertThat(stops).hasValue(0);
        assertThat(context.stop(StopReason.CANCELLED)).isTrue();
        assertThat(stops).hasValue(1);
        assertThat(context.stopReason()).contains(StopReason.CANCELLED);
    }

    @Test
    void refusesASecondRegistration() {
        context.onStop(() -> {});

        assertThatThrownBy(() -> context.onStop(() -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takingBackWaitsForAStopThatIsUnderWay() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            CallContext call = new CallContext(0, CallContext.NO_DEADLINE);
            AtomicBoolean freed = new AtomicBoolean();
            AtomicBoolean usedAfterFree = new AtomicBoolean();
            CountDownLatch ready = new CountDownLatch(2);
            Thread stopper = new Thread(() -> {
                ready.countDown();
                call.stop(StopReason.CANCELLED);
            });
            stopper.start();
            call.onStop(() -> usedAfterFree.compareAndSet(false, freed.get()));
            ready.countDown();
            call.clearOnStop();
            freed.set(true);
            stopper.join();

            assertThat(usedAfterFree).isFalse();
        }
    }

    @Test
    void takingBackWaitsHoweverLongTheStopTakes() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        context.onStop(() -> {
            stopping.countDown();
            await(release);
        });
        Thread stopper = new Thread(() -> context.stop(StopReason.CANCELLED));
        stopper.setDaemon(true);
        stopper.start();
        stopping.await();
        AtomicBoolean released = new AtomicBoolean();
        FutureTask<Boolean> owner = new FutureTask<>(() -> {
            context.clearOnStop();
            return released.get();
        });
        Thread thread = new Thread(owner);
        thread.setDaemon(true);
        thread.start();
        for (int seen = 0; seen < 1_000 && !owner.isDone(); ) {
            seen += isTakingBack(thread) ? 1 : 0;
        }

        released.set(true);
        release.countDown();

        assertThat(owner.get(30, TimeUnit.SECONDS)).isTrue();
        stopper.join();
    }

    private static boolean isTakingBack(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(it -> it.getMethodName().equals("clearOnStop"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void expiresAtItsDeadlineAlsoWhereTheClockWraps() {
        CallContext nearTheEnd = new CallContext(Long.MAX_VALUE - 10, Long.MIN_VALUE + 10);

        assertThat(nearTheEnd.isExpired(Long.MAX_VALUE)).isFalse();
        assertThat(nearTheEnd.isExpired(Long.MIN_VALUE + 10)).isTrue();
        assertThat(new CallContext(0, CallContext.NO_DEADLINE).isExpired(Long.MAX_VALUE))
                .isFalse();
    }

    @Test
    void runsFromItsBeginningToItsEnd() {
        assertThat(context.isRunning()).isFalse();

        context.beginRun();
        assertThat(context.isRunning()).isTrue();

        context.endRun();
        assertThat(context.isRunning()).isFalse();
    }

    @Test
    void anInterruptOfTheThreadThatRanItIsNoConcernOfTheCallAfterItsRun() {
        context.beginRun();
        Thread.currentThread().interrupt();
        try {
            assertThat(context.isInterrupted()).isTrue();

            context.endRun();

            assertThat(context.isInterrupted()).isFalse();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void knowsHowLongItsOwnRunTook() {
        context.ranFor(7);
        assertThat(context.runNanos()).isEqualTo(7);

        context.restart(0, 1);

        assertThat(context.runNanos()).isZero();
    }

    @Test
    void answersOneCallOrAsManyAsItJoins() {
        assertThat(context.calls()).isEqualTo(1);
        assertThat(CallContext.joining(3, 0, 1).calls()).isEqualTo(3);
    }
}
