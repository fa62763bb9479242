package dev.kitchen.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.runtime.CallContext.StopReason;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WatchdogTest {

    private static final String THREAD = "watchdog-test";

    private final AtomicLong clock = new AtomicLong();
    private final Watchdog watchdog = new Watchdog(clock::get, Duration.ofDays(1), THREAD);

    @AfterEach
    void close() {
        watchdog.close();
        assertThat(watchdog.awaitEnd(TimeUnit.SECONDS.toNanos(30))).isTrue();
    }

    private static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds of waiting in vain")
                    .isLessThan(TimeUnit.SECONDS.toNanos(30));
            LockSupport.parkNanos(50_000);
        }
    }

    /** Until it sleeps without end: it looks for interrupts no more, as it has seen no run for long. */
    private static void awaitAsleep() {
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().equals(THREAD))
                .findFirst()
                .orElseThrow();
        until(() -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void aCallThatComesWhileTheWatchdogLooksIsStoppedInTime() throws Exception {
        InFlight lookedAtFirst = new InFlight();
        InFlight lookedAtLater = new InFlight();
        watchdog.watch(lookedAtFirst);
        watchdog.watch(lookedAtLater);
        watchdog.start();
        awaitAsleep();
        CountDownLatch looking = new CountDownLatch(1);
        AtomicBoolean goesOn = new AtomicBoolean();
        CallContext early = new CallContext(0, 10);
        early.onStop(() -> {
            looking.countDown();
            // Parks, as whoever waits for a lock does: that uses up the permit of an unpark.
            while (!goesOn.get()) {
                LockSupport.parkNanos(50_000);
            }
        });
        lookedAtLater.enter(early);
        watchdog.expect(early);
        // It has set itself the early deadline.
        until(() -> isWaiting(THREAD));
        clock.set(10);
        looking.await();
        CallContext late = new CallContext(0, 20);
        lookedAtFirst.enter(late);
        watchdog.expect(late);
        goesOn.set(true);

        clock.set(20);

        until(late::isStopped);
        assertThat(late.stopReason()).contains(StopReason.DEADLINE);
    }

    private static boolean isWaiting(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(it -> it.getName().equals(name) && it.getState() == Thread.State.TIMED_WAITING);
    }
}
