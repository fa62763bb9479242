package dev.kitchen.codec;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The three kinds of outputs that labels are read from. */
final class LabelReaders {

    private LabelReaders() {}

    /** A tensor with a score for each label. */
    record OfScores(List<String> labels, TensorSpec spec) implements OutputReader.Bound<String> {

        @Override
        public List<String> outputs() {
            return List.of(spec.name());
        }

        @Override
        public String read(NamedValues outputs, int row, int rows) {
            Tensor scores = Rows.tensor(spec.name(), outputs, rows);
            int columns = labels.size();
            if (scores.elementCount() != (long) rows * columns) {
                throw new InferenceException(
                        Rows.place(spec.name()) + " has shape " + scores.shape() + " for " + columns + " labels");
            }
            ByteBuffer bytes = scores.bytes();
            boolean floats = scores.type() == DataType.FLOAT;
            int start = row * columns;
            int best = 0;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < columns; i++) {
                double score = floats ? bytes.getFloat((start + i) * 4) : bytes.getDouble((start + i) * 8);
                if (Double.isNaN(score)) {
                    throw notANumber(Rows.place(spec.name(), row, rows), labels.get(i));
                }
                if (score > bestScore) {
                    best = i;
                    bestScore = score;
                }
            }
            return labels.get(best);
        }

        @Override
        public String describe() {
            return MessageText.of(spec) + " -> greatest of " + MessageText.of(labels);
        }
    }

    /** A map from each class to its score. */
    record OfMaps(List<String> labels, String output, String spec) implements OutputReader.Bound<String> {

        static OfMaps of(List<String> labels, ValueSpec spec) {
            return new OfMaps(labels, spec.name(), MessageText.of(spec));
        }

        @Override
        public List<String> outputs() {
            return List.of(output);
        }

        /** Maps are ordered by key, as the classes of scikit-learn are: the label of a number is that of its rank. */
        @Override
        public String read(NamedValues outputs, int row, int rows) {
            MapValue scores = Rows.map(output, outputs, row, rows);
            if (scores.entries().size() != labels.size()) {
                throw new InferenceException(Rows.place(output) + " has "
                        + scores.entries().size() + " classes for " + labels.size() + " labels");
            }
            String best = labels.get(0);
            double bestScore = Double.NEGATIVE_INFINITY;
            int rank = 0;
            for (Map.Entry<Object, Object> entry : scores.entries().entrySet()) {
                String label = label(entry.getKey(), rank++);
                double score = ((Number) entry.getValue()).doubleValue();
                if (Double.isNaN(score)) {
                    throw notANumber(Rows.place(output, row, rows), label);
                }
                if (score > bestScore || rank == 1) {
                    best = label;
                    bestScore = score;
                }
            }
            return best;
        }

        private String label(Object key, int rank) {
            return key instanceof String text ? known(output, text, labels) : labels.get(rank);
        }

        @Override
        public String describe() {
            return spec + " -> key of the greatest, of " + MessageText.of(labels);
        }
    }

    /** The model's own choice. */
    record OfClasses(List<String> labels, TensorSpec spec) implements OutputReader.Bound<String> {

        @Override
        public List<String> outputs() {
            return List.of(spec.name());
        }

        @Override
        public String read(NamedValues outputs, int row, int rows) {
            Tensor classes = Rows.tensor(spec.name(), outputs, rows);
            if (classes.elementCount() != rows) {
                throw new InferenceException(
                        Rows.place(spec.name()) + " has shape " + classes.shape() + ", expected one class a row");
            }
            if (classes.type() == DataType.STRING) {
                return known(spec.name(), classes.stringAt(row), labels);
            }
            long index = classes.longAt(row);
            if (index < 0 || index >= labels.size()) {
                throw new InferenceException(Rows.place(spec.name(), row, rows) + " is class " + index
                        + ", expected 0 to " + (labels.size() - 1));
            }
            return labels.get((int) index);
        }

        @Override
        public String describe() {
            return MessageText.of(spec) + " -> one of " + MessageText.of(labels);
        }
    }

    private static InferenceException notANumber(String place, String label) {
        return new InferenceException(place + ": the score of '" + MessageText.of(label) + "' is NaN");
    }

    private static String known(String output, String label, List<String> labels) {
        if (!labels.contains(label)) {
            throw new InferenceException(Rows.place(output) + " has the class '" + MessageText.of(label)
                    + "', expected one of " + MessageText.of(labels));
        }
        return label;
    }
}
