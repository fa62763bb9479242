package dev.kitchen.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.runtime.CallContext.StopReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InFlightTest {

    private final InFlight inFlight = new InFlight();

    @Test
    void stopsThoseWhoseTimeIsOverAndTellsTheNextDeadline() {
        CallContext early = new CallContext(0, 10);
        CallContext late = new CallContext(0, 20);
        CallContext never = new CallContext(0, CallContext.NO_DEADLINE);
        List.of(early, late, never).forEach(inFlight::enter);

        assertThat(inFlight.stopExpired(10)).isEqualTo(20);

        assertThat(early.isStopped()).isTrue();
        assertThat(late.isStopped()).isFalse();
        assertThat(inFlight.stopExpired(20)).isEqualTo(CallContext.NO_DEADLINE);
        assertThat(never.isStopped()).isFalse();
    }

    @Test
    void holdsMoreCallsThanItHasSlots() {
        List<CallContext> calls = new ArrayList<>();
        List<Integer> tickets = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(new CallContext(0, i));
            tickets.add(inFlight.enter(calls.get(i)));
        }

        AtomicInteger stopped = new AtomicInteger();
        inFlight.stopAll(StopReason.CLOSING, stopped);
        inFlight.stopAll(StopReason.CLOSING, stopped);
        assertThat(stopped).hasValue(1_000);
        for (int i = 0; i < 1_000; i++) {
            inFlight.leave(tickets.get(i), calls.get(i));
        }
        assertThat(inFlight.stopExpired(5)).isEqualTo(CallContext.NO_DEADLINE);
        assertThat(calls).allMatch(CallContext::isStopped);
    }

    @Test
    void aCallThatLeftIsNotStopped() {
        CallContext call = new CallContext(0, 10);
        inFlight.leave(inFlight.enter(call), call);

        assertThat(inFlight.stopExpired(100)).isEqualTo(CallContext.NO_DEADLINE);
        assertThat(call.isStopped()).isFalse();
    }

    @Test
    void aCallThatWasStoppedIsCountedBeforeItCanLeave() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            CallContext call = new CallContext(0, CallContext.NO_DEADLINE);
            CountDownLatch stopping = new CountDownLatch(1);
            AtomicInteger stopped = new AtomicInteger();
            int ticket = inFlight.enter(call);
            call.onStop(stopping::countDown);
            FutureTask<Integer> caller = new FutureTask<>(() -> {
                stopping.await();
                inFlight.leave(ticket, call);
                return stopped.get();
            });
            new Thread(caller).start();

            inFlight.stopAll(StopReason.CLOSING, stopped);

            assertThat(caller.get()).isOne();
        }
    }

    private static void start(FutureTask<?> task) {
        Thread thread = new Thread(task, "in-flight-test");
        thread.setDaemon(true);
        thread.start();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        start(task);
        return task;
    }

    /** Stops all calls, of which this is one; its stop takes until it is released. Returns once that is under way. */
    private FutureTask<Integer> beginToStop(CallContext call, CountDownLatch release) throws InterruptedException {
        CountDownLatch stopping = new CountDownLatch(1);
        call.onStop(() -> {
            stopping.countDown();
            await(release);
        });
        FutureTask<Integer> stopper = start(() -> {
            AtomicInteger stopped = new AtomicInteger();
            inFlight.stopAll(StopReason.CLOSING, stopped);
            return stopped.get();
        });
        stopping.await();
        return stopper;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCallThatIsBeingStoppedDoesNotLeave() throws Exception {
        CallContext call = new CallContext(0, CallContext.NO_DEADLINE);
        int ticket = inFlight.enter(call);
        CountDownLatch release = new CountDownLatch(1);
        FutureTask<Integer> stopper = beginToStop(call, release);
        AtomicBoolean released = new AtomicBoolean();
        FutureTask<Boolean> leaver = new FutureTask<>(() -> {
            inFlight.leave(ticket, call);
            return released.get();
        });
        Thread thread = new Thread(leaver, "in-flight-leaver");
        thread.setDaemon(true);
        thread.start();
        for (int seen = 0; seen < 1_000 && !leaver.isDone(); ) {
            seen += isLeaving(thread) ? 1 : 0;
        }

        released.set(true);
        release.countDown();

        assertThat(leaver.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stopper.get()).isOne();
    }

    private static boolean isLeaving(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(it -> it.getClassName().equals(InFlight.class.getName())
                        && it.getMethodName().equals("leave"));
    }

    @Test
    void aCallThatIsBeingStoppedIsNotStoppedByOthersAndLeavesAfterwards() throws Exception {
        for (int round = 0; round < 100; round++) {
            CallContext call = new CallContext(0, CallContext.NO_DEADLINE);
            int ticket = inFlight.enter(call);
            CountDownLatch release = new CountDownLatch(1);
            FutureTask<Integer> stopper = beginToStop(call, release);
            CountDownLatch othersLooked = new CountDownLatch(1);
            AtomicBoolean left = new AtomicBoolean();
            FutureTask<Integer> others = start(() -> {
                AtomicInteger stopped = new AtomicInteger();
                while (!left.get()) {
                    inFlight.stopAll(StopReason.CLOSING, stopped);
                    othersLooked.countDown();
                }
                return stopped.get();
            });
            othersLooked.await();

            release.countDown();

            try {
                start(() -> {
                            inFlight.leave(ticket, call);
                            return true;
                        })
                        .get(30, TimeUnit.SECONDS);
            } finally {
                left.set(true);
            }
            assertThat(stopper.get()).isOne();
            assertThat(others.get()).isZero();
        }
    }
}
