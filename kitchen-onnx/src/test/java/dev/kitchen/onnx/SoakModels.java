package dev.kitchen.onnx;

import dev.kitchen.Kitchen;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Models that take each other's place in turn, and what each must answer. */
final class SoakModels {

    static final String NAME = "classifier";
    static final int INPUTS = 64;

    private static final int MODELS = 3;

    private final Path directory;
    private final NamedValues[][] expected = new NamedValues[MODELS][INPUTS];
    private int newest = 1;

    private SoakModels(Path directory) {
        this.directory = directory;
    }

    static SoakModels in(Path directory) throws IOException {
        SoakModels models = new SoakModels(directory);
        Files.createDirectory(models.served());
        for (int model = 0; model < MODELS; model++) {
            Path file = TestModels.classifier(directory, "model" + model, model);
            try (Kitchen kitchen = Kitchen.open(file)) {
                for (int input = 0; input < INPUTS; input++) {
                    models.expected[model][input] = kitchen.endpoint("model" + model)
                            .predict("x", Tensor.of(row(input), 1, 4))
                            .outputs();
                }
            }
        }
        models.place();
        TestModels.slow(models.served(), 2_000);
        return models;
    }

    /** The directory that a kitchen is to serve: {@value #NAME}, and {@code slow}. */
    Path served() {
        return directory.resolve("served");
    }

    static float[] row(int input) {
        float[] row = new float[4];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) Math.sin(input * 4 + i + 1);
        }
        return row;
    }

    /** Puts the next model where the last one was, as a whole. */
    void replaceServed() throws IOException {
        newest++;
        place();
    }

    private void place() throws IOException {
        Path copy = directory.resolve("next");
        Files.copy(directory.resolve("model" + (newest - 1) % MODELS + ".onnx"), copy);
        Files.move(copy, served().resolve(NAME + ".onnx"), StandardCopyOption.ATOMIC_MOVE);
    }

    void requireNewest(String version) {
        if (!version.equals(Integer.toString(newest))) {
            throw new AssertionError("version " + version + " serves, expected " + newest);
        }
    }

    /** The answer of this version to the row of this number. */
    NamedValues expected(String version, int input) {
        return expected[(Integer.parseInt(version) - 1) % MODELS][input];
    }
}
