package dev.kitchen.predict;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.Objects;

/**
 * A question to a model whose answer is known. A number of the answer is right if it differs by at most
 * {@code absoluteTolerance + relativeTolerance * |expected|}; NaN is right where NaN is expected; integers, booleans and
 * strings have to be the same. Immutable.
 */
public final class GoldenCase {

    /** How far numbers may be off, relative to what is expected, where a case does not say. */
    public static final double DEFAULT_RELATIVE_TOLERANCE = 1e-4;

    /** How far numbers may be off whatever is expected, where a case does not say. */
    public static final double DEFAULT_ABSOLUTE_TOLERANCE = 1e-5;

    private final String name;
    private final NamedValues inputs;
    private final NamedValues outputs;
    private final double relativeTolerance;
    private final double absoluteTolerance;

    private GoldenCase(
            String name, NamedValues inputs, NamedValues outputs, double relativeTolerance, double absoluteTolerance) {
        this.name = name;
        this.inputs = inputs;
        this.outputs = outputs;
        this.relativeTolerance = requireTolerance(name, "relative", relativeTolerance);
        this.absoluteTolerance = requireTolerance(name, "absolute", absoluteTolerance);
    }

    /**
     * A case with the default tolerances.
     *
     * @param name for messages
     * @param outputs tensors and sequences of maps of numbers, of all the model's outputs or some of them; a map's labels
     *     are compared as texts
     * @throws ConfigurationException if there are no outputs, or one is something else
     */
    public static GoldenCase of(String name, NamedValues inputs, NamedValues outputs) {
        String place = "golden case '" + MessageText.of(name) + "'";
        if (outputs.size() == 0) {
            throw new ConfigurationException(place + ": has no outputs, expected at least one");
        }
        for (int i = 0; i < outputs.size(); i++) {
            Value output = outputs.value(i);
            if (!(output instanceof Tensor) && !isScores(output)) {
                throw new ConfigurationException(place + ": output '" + MessageText.of(outputs.name(i)) + "' is a "
                        + output.getClass().getSimpleName() + ", expected a Tensor or a sequence of maps of numbers");
            }
        }
        return new GoldenCase(
                name, inputs.owned(), outputs.owned(), DEFAULT_RELATIVE_TOLERANCE, DEFAULT_ABSOLUTE_TOLERANCE);
    }

    private static boolean isScores(Value output) {
        return output instanceof SequenceValue rows
                && rows.elements().stream()
                        .allMatch(it -> it instanceof MapValue map && map.valueType() != DataType.STRING);
    }

    /**
     * This case with other tolerances.
     *
     * @param relative finite, 0 or more
     * @param absolute finite, 0 or more
     */
    public GoldenCase withTolerance(double relative, double absolute) {
        return new GoldenCase(name, inputs, outputs, relative, absolute);
    }

    private static double requireTolerance(String name, String kind, double tolerance) {
        if (!Double.isFinite(tolerance) || tolerance < 0) {
            throw new ConfigurationException("golden case '" + name + "': " + kind + " tolerance is " + tolerance
                    + ", expected a finite number, 0 or more");
        }
        return tolerance;
    }

    public String name() {
        return name;
    }

    public NamedValues inputs() {
        return inputs;
    }

    /** What is expected: tensors, and sequences of maps of numbers. */
    public NamedValues outputs() {
        return outputs;
    }

    public double relativeTolerance() {
        return relativeTolerance;
    }

    public double absoluteTolerance() {
        return absoluteTolerance;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof GoldenCase that
                        && name.equals(that.name)
                        && inputs.equals(that.inputs)
                        && outputs.equals(that.outputs)
                        && Double.compare(relativeTolerance, that.relativeTolerance) == 0
                        && Double.compare(absoluteTolerance, that.absoluteTolerance) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, inputs, outputs, relativeTolerance, absoluteTolerance);
    }

    @Override
    public String toString() {
        return "golden case '" + name + "': " + inputs.names() + " -> " + outputs.names();
    }
}
