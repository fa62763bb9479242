package dev.kitchen.guide;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

// snippet: plug-ins-backend
/** Runs linear models: text files that name the number of weights and then each of them, such as {@code 2 0.5 -1}. */
public final class LinearBackend implements Backend {

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public boolean accepts(Path modelFile) {
        return modelFile.toString().endsWith(".linear");
    }

    @Override
    public InferenceSession load(Path modelFile) {
        try {
            float[] numbers = numbers(Files.readString(modelFile));
            if (numbers.length < 2 || numbers[0] != numbers.length - 1) {
                throw new ModelLoadException("model file " + modelFile + ": " + Math.max(0, numbers.length - 1)
                        + " weights, expected as many as the first number says");
            }
            return new LinearSession(Arrays.copyOfRange(numbers, 1, numbers.length));
        } catch (IOException | NumberFormatException e) {
            throw new ModelLoadException("model file " + modelFile + ": cannot be read", e);
        }
    }

    private static float[] numbers(String text) {
        List<String> words = Arrays.asList(text.strip().split("\\s+"));
        float[] numbers = new float[words.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(words.get(i));
        }
        return numbers;
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }
}
// end

// snippet: plug-ins-session
/** A loaded linear model. */
final class LinearSession implements InferenceSession {

    private final float[] weights;
    private final ModelSignature signature;

    LinearSession(float[] weights) {
        this.weights = weights;
        this.signature = ModelSignature.of(
                List.of(tensor("x", weights.length)), List.of(tensor("y", 1))); // both have as many rows: "rows"
    }

    private static TensorSpec tensor(String name, int columns) {
        return new TensorSpec(name, DataType.FLOAT, Shape.of(Shape.DYNAMIC, columns), List.of("rows", ""));
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public ModelMetadata metadata() {
        return new ModelMetadata("linear", "", "", "", "", 1, Map.of());
    }

    @Override
    public RowDependence rowDependence() {
        return RowDependence.independent();
    }

    @Override
    public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
        Tensor x = inputs.tensor("x");
        int rows = Math.toIntExact(x.shape().dimension(0));
        float[] y = new float[rows];
        for (int i = 0; i < x.elementCount(); i++) {
            y[i / weights.length] += weights[i % weights.length] * x.floatAt(i);
        }
        return NamedValues.of("y", Tensor.of(y, rows, 1));
    }

    @Override
    public void close() {}
}
// end
