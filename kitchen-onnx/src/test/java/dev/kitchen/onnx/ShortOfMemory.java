package dev.kitchen.onnx;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Runs a model while native allocations fail, and again when they do not. Run in a JVM of its own with a limit on its
 * memory. Prints how many answers were right and how many runs failed with a typed error, and fails at any other outcome.
 * Arguments: the model, which repeats rows of 4 in x 64 times in y, and the API.
 */
final class ShortOfMemory {

    private static final long LARGEST_BLOCK = 64 << 20;
    /** Smaller than what a large run needs, and left to the JVM itself. */
    private static final long SMALLEST_BLOCK = 1 << 20;

    private static int answers;
    private static int failures;

    private ShortOfMemory() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        OnnxOptions options = OnnxOptions.builder()
                .api(Api.valueOf(arguments[1]))
                .intraOpThreads(1)
                .build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(Path.of(arguments[0]))
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            small(endpoint);
            bound(endpoint, 8);
            for (int round = 0; round < 2; round++) {
                whileShort(() -> {
                    predict(endpoint, 250_000);
                    predict(endpoint, 4_000);
                    bound(endpoint, 4_000);
                });
                small(endpoint);
            }
        }
        System.out.println("answers=" + answers);
        System.out.println("failures=" + failures);
    }

    private static void small(Endpoint endpoint) {
        int before = failures;
        for (int rows : new int[] {8, 3, 8, 100, 8}) {
            predict(endpoint, rows);
            bound(endpoint, rows);
        }
        if (failures != before) {
            throw new AssertionError("a run failed although there is memory");
        }
    }

    private static Tensor rows(int rows) {
        float[] data = new float[rows * 4];
        data[data.length - 1] = rows;
        return Tensor.of(data, rows, 4);
    }

    private static void predict(Endpoint endpoint, int rows) {
        try {
            Tensor y = endpoint.predict("x", rows(rows)).tensor("y");
            check(rows, y);
        } catch (KitchenException e) {
            failures++;
        }
    }

    private static void bound(Endpoint endpoint, int rows) {
        try (BoundCall call = endpoint.bind(Map.of("x", Shape.of(rows, 4)))) {
            rows(rows).copyTo(call.input("x"));
            call.run();
            check(rows, (Tensor) call.value("y"));
        } catch (KitchenException | OutOfMemoryError e) {
            failures++;
        }
    }

    private static void check(int rows, Tensor y) {
        if (y.elementCount() != rows * 256 || y.floatAt(y.elementCount() - 1) != rows || y.floatAt(0) != 0) {
            throw new AssertionError("wrong answer for " + rows + " rows: " + y);
        }
        answers++;
    }

    /** Takes native memory in ever smaller blocks until none is left, and gives it back after the runs. */
    private static void whileShort(Runnable runs) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        Method allocate = type.getMethod("allocateMemory", long.class);
        Method free = type.getMethod("freeMemory", long.class);
        Deque<Object> taken = new ArrayDeque<>(1 << 16);
        for (long size = LARGEST_BLOCK; size >= SMALLEST_BLOCK; size /= 2) {
            take(unsafe, allocate, size, taken);
        }
        try {
            runs.run();
        } finally {
            for (Object address : taken) {
                free.invoke(unsafe, address);
            }
        }
    }

    private static void take(Object unsafe, Method allocate, long size, Deque<Object> taken)
            throws IllegalAccessException {
        try {
            while (true) {
                taken.add(allocate.invoke(unsafe, size));
            }
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof OutOfMemoryError)) {
                throw new AssertionError(e);
            }
        }
    }
}
