package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.kitchen.BoundCall;
import dev.kitchen.Kitchen;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that a bound call allocates, counted by the JVM. */
class AllocationTest {

    private static final int CALLS = 20_000;

    /** What the JVM itself may allocate now and then on a thread, in all calls together: less than a byte a call. */
    private static final long NOISE = 16_000;

    @TempDir
    Path directory;

    @Test
    void aBoundCallAllocatesNothing() throws Exception {
        assumeTrue(RuntimeChoice.foreign().api().isPresent(), "the Java API of ONNX Runtime allocates in each call");
        try (Kitchen kitchen = open(Duration.ZERO)) {
            assertThat(leastBytes(kitchen)).isLessThan(NOISE);
        }
    }

    @Test
    void aBoundCallWithATimeLimitAllocatesNothing() throws Exception {
        assumeTrue(RuntimeChoice.foreign().api().isPresent(), "the Java API of ONNX Runtime allocates in each call");
        try (Kitchen kitchen = open(Duration.ofMinutes(1))) {
            assertThat(leastBytes(kitchen)).isLessThan(NOISE);
        }
    }

    private Kitchen open(Duration timeLimit) throws Exception {
        Kitchen.Builder builder = Kitchen.builder().models(TestModels.classifier(directory, "classifier", 1));
        return (timeLimit.isZero() ? builder : builder.timeLimit(timeLimit)).open();
    }

    /** The best of some rounds: the first ones compile. */
    private static long leastBytes(Kitchen kitchen) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        try (BoundCall call = kitchen.endpoint("classifier").bind()) {
            FloatBuffer x = call.input("x").asFloatBuffer();
            FloatBuffer y = call.output("y").asFloatBuffer();
            for (int round = 0; round < 10; round++) {
                long before = threads.getThreadAllocatedBytes(thread);
                float sum = 0;
                for (int i = 0; i < CALLS; i++) {
                    x.put(0, i);
                    call.run();
                    sum += y.get(0);
                }
                long bytes = threads.getThreadAllocatedBytes(thread) - before;
                assertThat(sum).isPositive();
                least = Math.min(least, bytes);
            }
        }
        return least;
    }
}
