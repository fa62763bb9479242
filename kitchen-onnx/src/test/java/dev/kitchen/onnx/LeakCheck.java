package dev.kitchen.onnx;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Predicts and reopens a model again and again, and prints the resident memory after a tenth of the work and at its end,
 * in KiB. Run in a JVM of its own with a fixed heap. Arguments: the model, predictions, cycles.
 */
final class LeakCheck {

    private LeakCheck() {}

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        int predictions = Integer.parseInt(arguments[1]);
        int cycles = Integer.parseInt(arguments[2]);
        predict(model, predictions / 5);
        reopen(model, cycles / 5);
        long before = ResidentMemory.kib();
        predict(model, predictions);
        reopen(model, cycles);
        System.out.printf("resident before=%d after=%d%n", before, ResidentMemory.kib());
    }

    private static void predict(Path model, int predictions) {
        try (Kitchen kitchen = Kitchen.open(model)) {
            Endpoint endpoint = kitchen.endpoint("classifier");
            for (int i = 0; i < predictions; i++) {
                Tensor x = Tensor.of(new float[4 * (1 + i % 7)], 1 + i % 7, 4);
                if (i % 16 == 0) {
                    endpoint.predictAsync(Map.of("x", x)).join();
                } else {
                    endpoint.predict("x", x);
                }
            }
        }
    }

    private static void reopen(Path model, int cycles) {
        for (int i = 0; i < cycles; i++) {
            predict(model, 1);
        }
    }
}
