package dev.kitchen.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseTest {

    @Test
    void theLastUserOfARetiredLeaseIsToldSo() {
        Lease lease = new Lease();
        assertThat(lease.tryAcquire()).isTrue();
        assertThat(lease.tryAcquire()).isTrue();

        assertThat(lease.retire()).isFalse();
        assertThat(lease.tryAcquire()).isFalse();
        assertThat(lease.release()).isFalse();
        assertThat(lease.users()).isOne();
        assertThat(lease.release()).isTrue();
        assertThat(lease.retire()).isFalse();
    }

    @Test
    void retiringAnIdleLeaseFreesAtOnceAndOnlyOnce() {
        Lease lease = new Lease();

        assertThat(lease.retire()).isTrue();
        assertThat(lease.retire()).isFalse();
    }

    @Test
    void releasingTooOftenIsABug() {
        Lease lease = new Lease();

        assertThatThrownBy(lease::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void underConcurrentUseSomebodyFreesExactlyOnce() throws InterruptedException {
        for (int round = 0; round < 500; round++) {
            Lease lease = new Lease();
            AtomicInteger frees = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    await(start);
                    while (lease.tryAcquire()) {
                        if (lease.release()) {
                            frees.incrementAndGet();
                        }
                    }
                });
                thread.start();
                threads.add(thread);
            }
            start.countDown();
            if (lease.retire()) {
                frees.incrementAndGet();
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(frees).hasValue(1);
            assertThat(lease.users()).isZero();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
