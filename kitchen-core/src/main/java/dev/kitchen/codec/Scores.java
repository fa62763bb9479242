package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads one row of numbers from a FLOAT output of shape [rows] or [rows, columns], or from scikit-learn's maps, in the
 * order of their keys. Numbers come as they are, NaN included.
 */
public final class Scores implements OutputReader<float[]> {

    private final String output;

    private Scores(String output) {
        this.output = output;
    }

    /** The numbers of the output of that name. */
    public static Scores of(String output) {
        return new Scores(output);
    }

    @Override
    public Bound<float[]> bind(ModelSignature signature) {
        ValueSpec spec = signature
                .output(output)
                .orElseThrow(() -> new ConfigurationException("no output '" + MessageText.of(output)
                        + "', the model returns " + MessageText.of(signature.outputs())));
        boolean maps = spec instanceof SequenceSpec sequence
                && sequence.element() instanceof MapSpec map
                && map.valueType() == DataType.FLOAT;
        boolean floats = spec instanceof TensorSpec tensor
                && tensor.type() == DataType.FLOAT
                && (tensor.shape().rank() == 1 || tensor.shape().rank() == 2);
        if (!maps && !floats) {
            throw new ConfigurationException("output '" + MessageText.of(spec)
                    + "' has no rows of scores, expected FLOAT of shape [rows] or [rows, columns], or maps to FLOAT");
        }
        return new Row(output, MessageText.of(spec), maps);
    }

    /** One row of the output. */
    private record Row(String output, String spec, boolean maps) implements Bound<float[]> {

        @Override
        public List<String> outputs() {
            return List.of(output);
        }

        @Override
        public float[] read(NamedValues outputs, int row, int rows) {
            return maps ? values(Rows.map(output, outputs, row, rows)) : values(outputs, row, rows);
        }

        private float[] values(NamedValues outputs, int row, int rows) {
            Tensor tensor = Rows.tensor(output, outputs, rows);
            if (rows == 1) {
                return tensor.toFloatArray();
            }
            float[] values = new float[tensor.elementCount() / rows];
            ByteBuffer bytes = tensor.bytes();
            bytes.position(row * values.length * Float.BYTES);
            bytes.asFloatBuffer().get(values);
            return values;
        }

        private float[] values(MapValue map) {
            float[] values = new float[map.entries().size()];
            int i = 0;
            for (Object value : map.entries().values()) {
                if (!(value instanceof Float number)) {
                    throw new InferenceException(
                            Rows.place(output) + " has maps to " + map.valueType() + ", expected FLOAT");
                }
                values[i++] = number;
            }
            return values;
        }

        @Override
        public String describe() {
            return spec + " -> scores";
        }
    }
}
