package dev.kitchen.tflite;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Runs damaged copies of models isolated, and ends with exit code 0. Run in a JVM of its own, which stands for an
 * application. Arguments: a directory to write into, how many copies of each model, the models.
 */
final class CorruptionRun {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int TRUNCATIONS = 5;

    private final Path directory;
    private int refused;
    private int failed;
    private int answered;
    private long longestMillis;

    private CorruptionRun(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        CorruptionRun run = new CorruptionRun(Path.of(arguments[0]));
        int copies = Integer.parseInt(arguments[1]);
        Random random = new Random(11);
        for (int i = 2; i < arguments.length; i++) {
            byte[] good = Files.readAllBytes(Path.of(arguments[i]));
            for (int copy = 0; copy < copies; copy++) {
                run.one(damaged(good, copy, random));
            }
        }
        System.out.printf(
                "refused=%d failed=%d answered=%d longest=%d ms%n",
                run.refused, run.failed, run.answered, run.longestMillis);
    }

    /** A fifth are cut off, the others have bytes changed that are no weights: near the ends, where structure is. */
    private static byte[] damaged(byte[] good, int copy, Random random) {
        if (copy % TRUNCATIONS == 0) {
            return Arrays.copyOf(good, 8 + random.nextInt(good.length - 8));
        }
        byte[] bytes = good.clone();
        int structure = Math.min(bytes.length, 2_000);
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
            int place = random.nextInt(structure);
            bytes[random.nextBoolean() ? place : bytes.length - 1 - place] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private void one(byte[] bytes) throws IOException {
        Path model = Files.write(directory.resolve("damaged.tflite"), bytes);
        long begin = System.nanoTime();
        TfliteBackend backend = new TfliteBackend(TfliteOptions.builder()
                .isolation(TfliteOptions.Isolation.PROCESS)
                .isolationLimit(LIMIT)
                .maxRuns(1)
                .build());
        try (Kitchen kitchen = Kitchen.builder()
                .models(model)
                .backend(backend)
                .shutdownHook(false)
                .open()) {
            ask(kitchen.endpoint("damaged"));
        } catch (KitchenException e) {
            refused++;
        }
        longestMillis = Math.max(longestMillis, (System.nanoTime() - begin) / 1_000_000);
    }

    private void ask(Endpoint endpoint) {
        try {
            Map<String, Value> inputs = new LinkedHashMap<>();
            for (ValueSpec spec : endpoint.signature().inputs()) {
                inputs.put(spec.name(), zeros((TensorSpec) spec));
            }
            endpoint.predict(inputs, CallOptions.timeLimit(LIMIT));
            answered++;
        } catch (KitchenException e) {
            failed++;
        }
    }

    private static Tensor zeros(TensorSpec spec) {
        long[] shape = spec.shape().toArray();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.max(shape[i], 1);
        }
        long count = Shape.of(shape).elementCount();
        if (spec.type() == DataType.STRING) {
            String[] texts = new String[Math.toIntExact(Math.min(count, 1 << 20))];
            Arrays.fill(texts, "");
            return Tensor.ofStrings(texts, shape);
        }
        int bytes = Math.toIntExact(Math.min(count * spec.type().sizeBytes(), 1 << 26));
        return Tensor.copyOf(spec.type(), ByteBuffer.allocate(bytes), shape);
    }
}
