package dev.kitchen.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.kitchen.Kitchen;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens a directory of copies of the image classifier and says how many threads that took, and what one answers. Arguments:
 * the directory, the API, who made ONNX Runtime's environment (kitchen, or application), and the threads that are asked
 * for per model (0 for the default).
 */
final class OpensManyModels {

    private OpensManyModels() {}

    public static void main(String[] arguments) throws IOException {
        Path models = Path.of(arguments[0]);
        OnnxOptions options =
                OnnxOptions.builder().api(Api.valueOf(arguments[1])).build();
        int threads = Integer.parseInt(arguments[3]);
        OnnxBackend backend = new OnnxBackend(
                threads == 0
                        ? options
                        : options.toBuilder().intraOpThreads(threads).build());
        if (arguments[2].equals("application")) {
            OrtEnvironment.getEnvironment();
        }
        Set<String> before = tasks();
        long start = System.nanoTime();
        try (Kitchen kitchen = Kitchen.builder()
                .models(models)
                .backend(backend)
                .shutdownHook(false)
                .open()) {
            System.out.println("seconds=" + (System.nanoTime() - start) / 1e9);
            System.out.println("health=" + kitchen.health().status());
            Set<String> after = tasks();
            after.removeAll(before);
            System.out.println("threads=" + after.size());
            System.out.println("answer=" + answer(kitchen));
        }
    }

    private static List<Integer> answer(Kitchen kitchen) {
        String name = kitchen.endpointNames().iterator().next();
        float[] pixels = new float[28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 37 % 256) / 255f;
        }
        String input = kitchen.endpoint(name).signature().inputs().get(0).name();
        Prediction prediction = kitchen.endpoint(name).predict(input, Tensor.of(pixels, 1, 1, 28, 28));
        float[] scores = prediction.tensor(prediction.outputs().names().get(0)).toFloatArray();
        return Stream.iterate(0, it -> it < scores.length, it -> it + 1)
                .map(it -> Float.floatToRawIntBits(scores[it]))
                .toList();
    }

    /** The threads of this process that the system knows. */
    private static Set<String> tasks() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return new HashSet<>(tasks.map(it -> it.getFileName().toString()).toList());
        }
    }
}
