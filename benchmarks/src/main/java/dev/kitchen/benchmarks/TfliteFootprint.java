package dev.kitchen.benchmarks;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How long until TensorFlow Lite's first answer, and how much memory has the process by then? Every figure is a JVM of its
 * own with default settings: from its start, from the kitchen's opening, and what is resident. The models are those of the
 * shared test data ({@code kitchen.shared.data}). Arguments: where to write, JVMs per model.
 */
final class TfliteFootprint {

    private static final List<String> MODELS = List.of(
            "sine-float/hello_world_float.tflite",
            "food-mobilenet-v1-025-quant/mobilenet_v1_0.25_224_quant.tflite",
            "mobilenet-v2-quant/mobilenet_v2_1.0_224_quant.tflite");

    private TfliteFootprint() {}

    /** What one process saw; an empty one, which opens nothing, says what the JVM itself takes. */
    private record Footprint(double startMillis, double openMillis, double residentMegabytes) {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int jvms = Integer.parseInt(arguments[1]);
        List<String> models = new ArrayList<>(MODELS);
        models.add(0, "");
        try (PrintStream target = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            for (String model : models) {
                List<Footprint> footprints = new ArrayList<>();
                for (int i = 0; i < jvms; i++) {
                    footprints.add(measured(model));
                }
                target.println(line(model, footprints));
            }
        }
    }

    private static Footprint measured(String model) throws IOException, InterruptedException {
        Path data = Path.of(System.getProperty("kitchen.shared.data", "../shared/data"), "tflite");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstAnswer.class.getName(),
                        model.isEmpty() ? "" : data.resolve(model).toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            double startMillis = (System.nanoTime() - begin) / 1e6;
            if (line == null || process.waitFor() != 0) {
                throw new IOException("no answer from " + model);
            }
            String[] figures = line.split(" ");
            return new Footprint(startMillis, Double.parseDouble(figures[0]), Double.parseDouble(figures[1]));
        }
    }

    private static String line(String model, List<Footprint> footprints) {
        return String.format(
                Locale.ROOT,
                "{\"model\": \"%s\", \"jvms\": %d, \"start_ms\": %s, \"open_ms\": %s, \"resident_mb\": %s}",
                model,
                footprints.size(),
                spread(footprints, Footprint::startMillis),
                spread(footprints, Footprint::openMillis),
                spread(footprints, Footprint::residentMegabytes));
    }

    /** Least, median and greatest. */
    private static String spread(List<Footprint> footprints, ToDoubleFunction<Footprint> figure) {
        List<Double> sorted = footprints.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        return String.format(
                Locale.ROOT,
                "[%.1f, %.1f, %.1f]",
                sorted.get(0),
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() - 1));
    }

    /** The JVM that asks once. Argument: a model file, or nothing. */
    static final class FirstAnswer {

        private FirstAnswer() {}

        public static void main(String[] arguments) throws IOException {
            long begin = System.nanoTime();
            Kitchen kitchen = null;
            if (!arguments[0].isEmpty()) {
                kitchen = Kitchen.open(Path.of(arguments[0]));
                ask(kitchen.endpoint(kitchen.endpointNames().iterator().next()));
            }
            double openMillis = (System.nanoTime() - begin) / 1e6;
            System.out.println(openMillis + " " + residentMegabytes());
            if (kitchen != null) {
                kitchen.close();
            }
        }

        private static void ask(Endpoint endpoint) {
            TensorSpec spec = (TensorSpec) endpoint.signature().inputs().get(0);
            long[] shape = spec.shape().toArray();
            int bytes = spec.type().sizeBytes();
            for (int i = 0; i < shape.length; i++) {
                shape[i] = Math.max(1, shape[i]);
                bytes *= Math.toIntExact(shape[i]);
            }
            endpoint.predict(spec.name(), Tensor.copyOf(spec.type(), ByteBuffer.allocate(bytes), shape));
        }

        private static double residentMegabytes() throws IOException {
            return MemoryUse.Loads.resident() / 1e6;
        }
    }
}
