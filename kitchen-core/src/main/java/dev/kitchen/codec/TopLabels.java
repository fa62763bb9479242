package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the labels with the greatest scores per row, greatest first, the first of equals before the others. Scores are
 * floating-point numbers or a quantised model's integers, one for each label in a row.
 */
public final class TopLabels implements OutputReader<List<TopLabels.Scored>> {

    private final int count;
    private final List<String> labels;
    private final @Nullable String output;
    private final @Nullable Quantization quantization;

    private TopLabels(int count, List<String> labels, @Nullable String output, @Nullable Quantization quantization) {
        this.count = count;
        this.labels = labels;
        this.output = output;
        this.quantization = quantization;
    }

    /** A label and what the model thinks of it. */
    public record Scored(String label, double score) {}

    /**
     * That many labels of the only output.
     *
     * @param labels in the order of the model's scores; names may come more than once
     */
    public static TopLabels of(int count, List<String> labels) {
        return checked(count, labels, null);
    }

    /** That many labels of an output. See {@link #of(int, List)}. */
    public static TopLabels of(int count, List<String> labels, String output) {
        return checked(count, labels, output);
    }

    private static TopLabels checked(int count, List<String> labels, @Nullable String output) {
        if (count < 1 || labels.isEmpty()) {
            throw new ConfigurationException(
                    "the top " + count + " of " + labels.size() + " labels are asked for, expected 1 or more");
        }
        return new TopLabels(count, List.copyOf(labels), output, null);
    }

    /** Scores as the real numbers that the model's integers stand for. A typed endpoint does so where the file says it. */
    public TopLabels dequantized(Quantization how) {
        return new TopLabels(count, labels, output, how);
    }

    @Override
    public Bound<List<Scored>> bind(ModelSignature signature) {
        return bind(signature, Map.of());
    }

    @Override
    public Bound<List<Scored>> bind(ModelSignature signature, Map<String, String> metadata) {
        ValueSpec spec = output(signature);
        if (!(spec instanceof TensorSpec tensor)
                || !(tensor.type().isFloating() || tensor.type().isInteger())) {
            throw new ConfigurationException("output '" + MessageText.of(spec) + "' has no scores, expected numbers");
        }
        Quantization how = quantization == null && Quantization.isQuantized(tensor.type())
                ? Quantization.of(metadata, spec.name()).orElse(null)
                : quantization;
        return new Top(this, spec.name(), how, MessageText.of(spec));
    }

    private ValueSpec output(ModelSignature signature) {
        List<ValueSpec> outputs = signature.outputs();
        if (output == null) {
            if (outputs.size() == 1) {
                return outputs.get(0);
            }
            throw new ConfigurationException(
                    "the output with the scores is to be named, the model returns " + MessageText.of(outputs));
        }
        return signature
                .output(output)
                .orElseThrow(() -> new ConfigurationException(
                        "no output '" + MessageText.of(output) + "', the model returns " + MessageText.of(outputs)));
    }

    /** The labels of a single answer, whose tensor has one score for each. */
    public List<Scored> read(Tensor scores) {
        return new Top(this, output == null ? "scores" : output, quantization, "").top(scores, 0, 1);
    }

    private record Top(
            TopLabels reader, String output, @Nullable Quantization quantization, String spec)
            implements Bound<List<Scored>> {

        @Override
        public List<String> outputs() {
            return List.of(output);
        }

        @Override
        public List<Scored> read(NamedValues outputs, int row, int rows) {
            return top(Rows.tensor(output, outputs, rows), row, rows);
        }

        List<Scored> top(Tensor scores, int row, int rows) {
            int columns = reader.labels.size();
            if (scores.elementCount() != (long) rows * columns) {
                throw new InferenceException(
                        Rows.place(output) + " has shape " + scores.shape() + " for " + columns + " labels");
            }
            return IntStream.range(0, columns)
                    .mapToObj(it -> new Scored(reader.labels.get(it), score(scores, row * columns + it)))
                    .sorted((a, b) -> Double.compare(b.score(), a.score()))
                    .limit(reader.count)
                    .toList();
        }

        private double score(Tensor scores, int index) {
            double score = scores.doubleAt(index);
            if (Double.isNaN(score)) {
                throw new InferenceException(Rows.place(output) + ": score " + index + " is NaN");
            }
            return quantization == null ? score : quantization.real(score);
        }

        @Override
        public String describe() {
            return spec + " -> top " + reader.count + " of " + reader.labels.size() + " labels";
        }
    }
}
