package dev.kitchen.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Virtual threads that predict, found by name: the module compiles for JDK 17, which has none. */
@State(Scope.Benchmark)
public class VirtualThreads {

    static final int PREDICTIONS = 32_000;

    /** Predictions that one virtual thread makes. */
    @Param({"1000", "1"})
    public int perThread = 1;

    private ExecutorService executor;

    static boolean supported() {
        return Runtime.version().feature() >= 21;
    }

    @Setup
    public void open() throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
        executor = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @TearDown
    public void close() {
        executor.shutdownNow();
    }

    /** Something that depends on every answer. */
    float run(Supplier<float[]> prediction) throws InterruptedException {
        Callable<Float> thread = () -> {
            float sum = 0;
            for (int i = 0; i < perThread; i++) {
                sum += prediction.get()[0];
            }
            return sum;
        };
        List<Callable<Float>> threads = Collections.nCopies(PREDICTIONS / perThread, thread);
        float sum = 0;
        for (Future<Float> answer : executor.invokeAll(threads)) {
            try {
                sum += answer.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return sum;
    }
}
