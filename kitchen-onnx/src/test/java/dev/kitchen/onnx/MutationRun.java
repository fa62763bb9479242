package dev.kitchen.onnx;

import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Loads and runs models with wrong bytes in them. Run in a JVM of its own: the file that kills it is left behind.
 * Arguments: a directory to write to, the seconds, the seed, and models to begin with.
 */
final class MutationRun {

    /** What has to be done even if a busy machine needs more time for it. */
    private static final int LEAST_REFUSED = 10;

    private final Random random;
    private final Path file;
    private int refused;
    private int ran;

    private MutationRun(Path file, long seed) {
        this.file = file;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws IOException {
        MutationRun run = new MutationRun(Path.of(arguments[0], "mutated.onnx"), Long.parseLong(arguments[2]));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
        List<byte[]> models = new ArrayList<>();
        for (String model : List.of(arguments).subList(3, arguments.length)) {
            models.add(Files.readAllBytes(Path.of(model)));
        }
        while (System.nanoTime() < end || run.refused < LEAST_REFUSED || run.ran < 1) {
            run.loadAndRun(run.mutated(models.get(run.random.nextInt(models.size()))));
        }
        System.out.printf("refused=%d ran=%d%n", run.refused, run.ran);
    }

    private byte[] mutated(byte[] model) {
        byte[] bytes = model.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
                default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bytes;
    }

    private void loadAndRun(byte[] model) throws IOException {
        Files.write(file, model);
        OnnxOptions options = OnnxOptions.builder().intraOpThreads(1).build();
        try (InferenceSession session = new OnnxBackend(options).load(file)) {
            run(session);
            ran++;
        } catch (KitchenException e) {
            refused++;
        }
    }

    private static void run(InferenceSession session) {
        List<String> names = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (ValueSpec spec : session.signature().inputs()) {
            names.add(spec.name());
            values.add(spec instanceof TensorSpec tensor ? zeros(tensor) : new EmptyOptional());
        }
        session.run(
                NamedValues.of(names, values.toArray(Value[]::new)),
                session.signature().outputs().stream().map(ValueSpec::name).toList(),
                new CallContext(0, CallContext.NO_DEADLINE));
    }

    private static Tensor zeros(TensorSpec spec) {
        long[] shape = spec.shape().toArray();
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shape[i] < 0 ? 1 : shape[i];
            count = Math.min(1 << 24, count * Math.max(0, shape[i]));
        }
        return Tensor.copyOf(
                spec.type(), ByteBuffer.allocate((int) count * spec.type().sizeBytes()), shape);
    }
}
