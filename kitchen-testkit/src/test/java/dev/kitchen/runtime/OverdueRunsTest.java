package dev.kitchen.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.runtime.CallContext.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverdueRunsTest {

    private final List<String> reports = new ArrayList<>();
    private final OverdueRuns overdueRuns = new OverdueRuns(reports::add);
    private final InFlight runs = new InFlight();

    @BeforeEach
    void watch() {
        overdueRuns.watch(runs, "endpoint 'm', version '1'");
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private CallContext stopped(StopReason reason) {
        CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
        runs.enter(context);
        context.stop(reason);
        return context;
    }

    @Test
    void eachRunIsReportedOnce() {
        stopped(StopReason.CANCELLED);
        overdueRuns.look(seconds(10));
        overdueRuns.look(seconds(14));
        assertThat(reports).isEmpty();

        overdueRuns.look(seconds(15));
        overdueRuns.look(seconds(16));

        assertThat(reports)
                .containsExactly(
                        "endpoint 'm', version '1': 1 run has not ended 5 s after being stopped, expected at most"
                                + " 5 s; an operator of the model may hang, and holds a thread and memory");
        assertThat(overdueRuns.overdue(seconds(17))).singleElement().asString().contains("not ended 7 s");

        stopped(StopReason.CANCELLED);
        overdueRuns.look(seconds(20));
        overdueRuns.look(seconds(25));

        assertThat(reports).hasSize(2);
        assertThat(overdueRuns.overdue(seconds(25))).singleElement().asString().contains("2 runs have not ended 15 s");
    }

    @Test
    void aRunThatHasEndedIsNoProblemAndItsContextMayServeAnotherCall() {
        CallContext context = new CallContext(0, seconds(1));
        int ticket = runs.enter(context);
        context.stop(StopReason.DEADLINE);
        overdueRuns.look(seconds(6));
        assertThat(reports).hasSize(1);

        runs.leave(ticket, context);
        assertThat(overdueRuns.overdue(seconds(7))).isEmpty();
        context.restart(seconds(7), seconds(8));
        runs.enter(context);
        context.stop(StopReason.DEADLINE);
        overdueRuns.look(seconds(12));
        assertThat(reports).hasSize(1);
        overdueRuns.look(seconds(13));

        assertThat(reports).hasSize(2);
    }

    @Test
    void runsOfAClosingKitchenAreLeftToIt() {
        stopped(StopReason.CLOSING);
        overdueRuns.look(seconds(1));
        overdueRuns.look(seconds(100));

        assertThat(reports).isEmpty();
        assertThat(overdueRuns.overdue(seconds(100))).isEmpty();
    }

    @Test
    void runsOfAForgottenVersionAreNoProblem() {
        stopped(StopReason.CANCELLED);
        overdueRuns.look(seconds(1));

        overdueRuns.forget(runs);

        overdueRuns.look(seconds(100));
        assertThat(reports).isEmpty();
        assertThat(overdueRuns.overdue(seconds(100))).isEmpty();
    }
}
