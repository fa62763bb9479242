package dev.kitchen.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceThreadTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(30);

    private final BlockingQueue<BooleanSupplier> passes = new LinkedBlockingQueue<>();
    private final ServiceThread service =
            new ServiceThread("kitchen-service-test", () -> passes.take().getAsBoolean());

    private static BooleanSupplier throwing(Throwable what) {
        return () -> {
            throw Thrown.sneaky(what);
        };
    }

    @Test
    void nothingThatIsThrownEndsIt() {
        service.start();
        for (Throwable what : ForeignCodeTest.anything()) {
            passes.add(throwing(what));
        }
        AtomicInteger passed = new AtomicInteger();
        passes.add(() -> passed.incrementAndGet() == 0);

        assertThat(service.awaitEnd(LONG)).isTrue();

        assertThat(passed).hasValue(1);
        assertThat(service.problem()).isEmpty();
    }

    @Test
    void anInterruptDoesNotEndIt() {
        service.start();
        passes.add(() -> {
            Thread.currentThread().interrupt();
            return true;
        });
        passes.add(() -> false);

        assertThat(service.awaitEnd(LONG)).isTrue();
    }

    @Test
    void anInterruptLastsNoLongerThanItsPass() {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        ServiceThread its = new ServiceThread("kitchen-interrupt-test", () -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
            return interrupted.size() < 3;
        });
        its.start();

        assertThat(its.awaitEnd(LONG)).isTrue();

        assertThat(interrupted).containsExactly(false, false, false);
    }

    @Test
    void oneThatFailsWithAnInterruptPausesAllTheSame() {
        AtomicInteger passed = new AtomicInteger();
        ServiceThread its = new ServiceThread("kitchen-interrupt-test", () -> {
            Thread.currentThread().interrupt();
            if (passed.incrementAndGet() < 8) {
                throw new IllegalStateException("no");
            }
            return false;
        });
        long start = System.nanoTime();
        its.start();

        assertThat(its.awaitEnd(LONG)).isTrue();

        // Pauses of 2, 4, … 128 ms.
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void oneThatFailsAgainAndAgainSaysSoUntilItDoesNot() throws InterruptedException {
        service.start();
        for (int i = 0; i < 3; i++) {
            passes.add(throwing(new IOException("no disk")));
        }
        while (service.problem().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(service.problem())
                .contains("thread 'kitchen-service-test' fails again and again: java.io.IOException: no disk");

        passes.add(() -> true);
        while (service.problem().isPresent()) {
            Thread.onSpinWait();
        }
        passes.add(() -> false);
        assertThat(service.awaitEnd(LONG)).isTrue();
    }

    @Test
    void oneThatEndedIsStartedAgainWhereThereIsMoreToDo() {
        service.start();
        passes.add(() -> false);
        assertThat(service.awaitEnd(LONG)).isTrue();

        passes.add(() -> false);
        service.start();

        assertThat(service.awaitEnd(LONG)).isTrue();
        assertThat(passes).isEmpty();
    }

    @Test
    void itsEndIsNotWaitedForByItselfNorForEver() {
        service.start();
        passes.add(() -> service.awaitEnd(LONG));

        assertThat(service.awaitEnd(LONG)).isTrue();

        passes.clear();
        service.start();
        assertThat(service.awaitEnd(1)).isFalse();
        passes.add(() -> false);
    }
}
