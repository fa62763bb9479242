package dev.kitchen.tflite;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Predicts and reopens a model again and again, and prints the resident memory after a first round and at the end of a
 * second one, in KiB. Run in a JVM of its own with a fixed heap. Arguments: the model, predictions, cycles.
 */
final class LeakCheck {

    private LeakCheck() {}

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        int predictions = Integer.parseInt(arguments[1]);
        int cycles = Integer.parseInt(arguments[2]);
        predict(model, predictions / 5);
        reopen(model, cycles);
        long before = resident();
        predict(model, predictions);
        reopen(model, cycles);
        System.out.printf("resident before=%d after=%d%n", before, resident());
    }

    private static void predict(Path model, int predictions) {
        try (Kitchen kitchen = Kitchen.open(model)) {
            Endpoint endpoint = kitchen.endpoint("classifier");
            for (int i = 0; i < predictions; i++) {
                endpoint.predict("x", Tensor.of(new float[4 * (1 + i / 16 % 7)], 1 + i / 16 % 7, 4));
            }
        }
    }

    private static void reopen(Path model, int cycles) {
        for (int i = 0; i < cycles; i++) {
            predict(model, 1);
        }
    }

    private static long resident() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(it -> it.startsWith("VmRSS:"))
                .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
