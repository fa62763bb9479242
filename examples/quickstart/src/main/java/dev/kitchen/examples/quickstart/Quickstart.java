package dev.kitchen.examples.quickstart;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Opens a directory with one small model, asks it about three flowers, and prints what it answers. */
public final class Quickstart {

    private static final float[][] FLOWERS = {
        {5.1f, 3.5f, 1.4f, 0.2f}, {6.0f, 2.7f, 4.3f, 1.3f}, {6.7f, 3.1f, 5.8f, 2.3f}
    };

    private static final int CALLS = 20_000;

    private Quickstart() {}

    /** Takes the directory of models as its argument; without one, the quickstart's own. */
    public static void main(String[] arguments) {
        Path models = arguments.length > 0 ? Path.of(arguments[0]) : ownModels();
        try (Kitchen kitchen = Kitchen.open(models)) {
            Endpoint iris = kitchen.endpoint("iris");
            AnswerTable table = AnswerTable.of(iris.metadata());
            System.out.println(iris);
            System.out.println();
            System.out.println(table.heading());
            for (float[] flower : FLOWERS) {
                System.out.println(table.row(flower, ask(iris, flower)));
            }
            System.out.println();
            System.out.printf(
                    "The first call in a JVM is slow. Median of %s more: %s%n",
                    CALLS, AnswerTable.microseconds(medianNanos(iris)));
        }
    }

    private static Prediction ask(Endpoint iris, float[] flower) {
        return iris.predict("input", Tensor.ofRows(new float[][] {flower}));
    }

    private static long medianNanos(Endpoint iris) {
        long[] sorted = LongStream.range(0, CALLS)
                .map(it -> ask(iris, FLOWERS[0]).duration().toNanos())
                .sorted()
                .toArray();
        return sorted[CALLS / 2];
    }

    /** Found from the project's root, where an IDE starts programs, and from the example's own directory. */
    private static Path ownModels() {
        return Stream.of(Path.of("examples", "quickstart", "models"), Path.of("models"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(Path.of("models"));
    }
}
