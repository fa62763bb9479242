package dev.kitchen.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import java.util.ArrayList;
import java.util.List;
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

        assertThat(inFlight.stopAll(StopReason.CLOSING)).isEqualTo(1_000);
        assertThat(inFlight.stopAll(StopReason.CLOSING)).isZero();
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
}
