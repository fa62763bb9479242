package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.stage.guarding.RunPermits.Waiter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who gets a permit, who waits for one and who need not try, step by step. */
class PermitQueueTest {

    private static final long MILLISECOND = 1_000_000;
    private static final CallContext PATIENT = new CallContext(0, CallContext.NO_DEADLINE);

    private static RunPermits permits(int count) {
        return new RunPermits("m", count, 2, Optional.empty());
    }

    private static RunPermits adaptive(int count, long targetNanos) {
        return new RunPermits("m", count, 100, Optional.of(new AdaptiveLimit(count, targetNanos)));
    }

    private static void take(RunPermits permits, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(permits.tryAcquire()).as("permit %s", i).isTrue();
        }
    }

    /** Takes all that are free; returns how many. */
    private static int takeAll(RunPermits permits) {
        int count = 0;
        while (permits.tryAcquire()) {
            count++;
        }
        return count;
    }

    private static CallContext until(long deadlineNanos) {
        return new CallContext(0, deadlineNanos);
    }

    @Test
    void aPermitThatIsFreeNeedsNoWaiting() {
        RunPermits permits = permits(1);

        assertThat(permits.enqueue(PATIENT, 0)).isNull();

        assertThat(permits.tryAcquire()).isFalse();
        permits.release();
        assertThat(takeAll(permits)).isEqualTo(1);
    }

    @Test
    void permitsGoToThoseWhoWaitInTheirOrder() {
        RunPermits permits = permits(1);
        take(permits, 1);
        Waiter first = permits.enqueue(PATIENT, 0);
        Waiter second = permits.enqueue(PATIENT, 0);

        permits.release();
        assertThat(first.getAsBoolean()).isTrue();
        assertThat(second.getAsBoolean()).isFalse();
        permits.release(5);
        assertThat(second.getAsBoolean()).isTrue();
        assertThat(permits.tryAcquire()).isFalse();
        permits.release();
        assertThat(takeAll(permits)).isEqualTo(1);
    }

    @Test
    void whoLeavesTheQueueLeavesItToTheOthers() {
        RunPermits permits = permits(1);
        take(permits, 1);
        Waiter first = permits.enqueue(PATIENT, 0);
        Waiter second = permits.enqueue(PATIENT, 0);

        permits.abandon(first);
        permits.release();
        assertThat(second.getAsBoolean()).isTrue();

        permits.abandon(second);
        assertThat(takeAll(permits)).isEqualTo(1);
    }

    @Test
    void aRefusedCallLeavesNothingBehind() {
        RunPermits permits = permits(1);
        take(permits, 1);
        Waiter first = permits.enqueue(PATIENT, 0);
        Waiter second = permits.enqueue(PATIENT, 0);
        assertThatThrownBy(() -> permits.enqueue(PATIENT, 0))
                .isInstanceOfSatisfying(
                        RejectedException.class, it -> assertThat(it.reason()).isEqualTo(Reason.QUEUE_FULL));

        permits.release();
        permits.release();
        permits.release();

        assertThat(first.getAsBoolean() && second.getAsBoolean()).isTrue();
        assertThat(takeAll(permits)).isEqualTo(1);
    }

    @Test
    void aCallIsRefusedWhoseTurnAndRunWouldEndTooLate() {
        RunPermits permits = permits(2);
        take(permits, 2);
        permits.release(100 * MILLISECOND);
        take(permits, 1);

        assertThatThrownBy(() -> permits.enqueue(until(150 * MILLISECOND - 1), 0))
                .isInstanceOfSatisfying(
                        RejectedException.class, it -> assertThat(it.reason()).isEqualTo(Reason.DEADLINE_UNREACHABLE))
                .hasMessage("m: an answer would take about 150 ms, with 0 calls waiting; the call has 149.999999 ms"
                        + " left");
        assertThat(permits.enqueue(until(150 * MILLISECOND), 0)).isNotNull();
        assertThatThrownBy(() -> permits.enqueue(until(200 * MILLISECOND), 50 * MILLISECOND))
                .hasMessageContaining("about 200 ms, with 1 calls waiting; the call has 150.0 ms left");
        assertThatThrownBy(() -> permits.enqueue(until(MILLISECOND), 5 * MILLISECOND))
                .hasMessageContaining("the call has 0.0 ms left");
        assertThat(permits.enqueue(until(250 * MILLISECOND), 50 * MILLISECOND)).isNotNull();
    }

    @Test
    void theNewestRunCountsForAnEighth() {
        RunPermits permits = permits(1);
        take(permits, 1);
        permits.release(800 * MILLISECOND);
        take(permits, 1);
        permits.release(1_600 * MILLISECOND);
        take(permits, 1);

        assertThatThrownBy(() -> permits.enqueue(until(MILLISECOND), 0)).hasMessageContaining("about 1800 ms");
    }

    @Test
    void isBusyOnceHalfOfThePermitsAreTaken() {
        RunPermits permits = permits(4);
        take(permits, 1);
        assertThat(permits.isBusy()).isFalse();
        take(permits, 1);
        assertThat(permits.isBusy()).isTrue();

        assertThat(adaptive(4, 1).isBusy()).as("each run adapts").isTrue();
    }

    @Test
    void aPermitThatIsOneTooManyVanishesWhenItIsGivenBack() {
        RunPermits permits = adaptive(10, 1_000);
        take(permits, 10);
        for (int i = 0; i < 9; i++) {
            permits.release(1_001);
            take(permits, 1);
        }

        permits.release(1_001);
        assertThat(permits.tryAcquire()).as("9 are under way, and may be").isFalse();
        for (int i = 0; i < 9; i++) {
            permits.release();
        }

        assertThat(takeAll(permits)).isEqualTo(9);
    }

    @Test
    void onePermitMoreGoesToACallThatWaits() {
        RunPermits permits = adaptive(10, 1_000);
        take(permits, 10);
        for (int i = 0; i < 10; i++) {
            permits.release(1_001);
        }
        take(permits, 9);
        Waiter[] waiters = new Waiter[20];
        for (int i = 0; i < waiters.length; i++) {
            waiters[i] = permits.enqueue(PATIENT, 0);
        }

        for (int i = 0; i < 9; i++) {
            permits.release(1);
        }
        assertThat(waiters[8].getAsBoolean()).isTrue();
        assertThat(waiters[9].getAsBoolean()).isFalse();
        permits.release(1);

        assertThat(waiters[10].getAsBoolean()).as("10 may be under way again").isTrue();
        assertThat(waiters[11].getAsBoolean()).isFalse();
    }
}
