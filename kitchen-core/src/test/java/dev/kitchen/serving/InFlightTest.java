package dev.kitchen.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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
}
