package dev.kitchen.examples.quickstart;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Opens a directory with one small model, asks it about three flowers, and prints what it answers. */
public final class Quickstart {

    private static final float[][] FLOWERS = {
        {5.1f, 3.5f, 1.4f, 0.2f}, {6.0f, 2.7f, 4.3f, 1.3f}, {6.7f, 3.1f, 5.8f, 2.3f}
    };

    private Quickstart() {}

    /** Takes the directory of models as its argument; without one, {@code models}. */
    public static void main(String[] arguments) {
        Path models = Path.of(arguments.length > 0 ? arguments[0] : "models");
        try (Kitchen kitchen = Kitchen.open(models)) {
            Endpoint iris = kitchen.endpoint("iris");
            System.out.println(iris);
            System.out.println();
            for (float[] flower : FLOWERS) {
                Prediction prediction = iris.predict("input", Tensor.ofRows(new float[][] {flower}));
                print(iris, flower, prediction);
            }
        }
    }

    private static void print(Endpoint iris, float[] flower, Prediction prediction) {
        String[] labels =
                iris.metadata().custom().getOrDefault("kitchen.labels", "").split(",", -1);
        float[] probabilities = prediction.tensor("probabilities").toFloatArray();
        StringBuilder all = new StringBuilder();
        int best = 0;
        for (int i = 0; i < labels.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
            all.append(String.format(Locale.ROOT, "  %s %.1f %%", labels[i], 100 * probabilities[i]));
        }
        System.out.printf(
                Locale.ROOT,
                "%s -> %-10s%s  (version %s, %,d us)%n",
                Arrays.toString(flower),
                labels[best],
                all,
                prediction.version(),
                prediction.duration().toNanos() / 1_000);
    }
}
