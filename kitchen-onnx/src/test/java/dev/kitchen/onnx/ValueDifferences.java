package dev.kitchen.onnx;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where two values differ by more than they may. */
final class ValueDifferences {

    private final double relative;
    private final double absolute;
    private final List<String> found = new ArrayList<>();

    private ValueDifferences(double relative, double absolute) {
        this.relative = relative;
        this.absolute = absolute;
    }

    /** At most a few lines; empty where the values agree. NaN agrees with NaN. */
    static List<String> of(String place, Value expected, Value actual, double relative, double absolute) {
        ValueDifferences differences = new ValueDifferences(relative, absolute);
        differences.compare(place, expected, actual);
        return differences.found;
    }

    private void compare(String place, Value expected, Value actual) {
        if (expected instanceof Tensor wanted && actual instanceof Tensor got) {
            compareTensors(place, wanted, got);
        } else if (expected instanceof SequenceValue wanted && actual instanceof SequenceValue got) {
            if (wanted.elements().size() != got.elements().size()) {
                found.add(place + ": " + got.elements().size() + " elements, expected "
                        + wanted.elements().size());
                return;
            }
            for (int i = 0; i < wanted.elements().size(); i++) {
                compare(
                        place + "[" + i + "]",
                        wanted.elements().get(i),
                        got.elements().get(i));
            }
        } else if (expected instanceof MapValue wanted && actual instanceof MapValue got) {
            compareMaps(place, wanted, got);
        } else if (!expected.equals(actual)) {
            found.add(place + ": " + actual + ", expected " + expected);
        }
    }

    private void compareMaps(String place, MapValue expected, MapValue actual) {
        if (!expected.entries().keySet().equals(actual.entries().keySet())) {
            found.add(place + ": keys " + actual.entries().keySet() + ", expected "
                    + expected.entries().keySet());
            return;
        }
        expected.entries().forEach((key, value) -> {
            Object other = actual.entries().get(key);
            boolean same = value instanceof Number wanted && other instanceof Number got
                    ? agree(wanted.doubleValue(), got.doubleValue())
                    : value.equals(other);
            if (!same) {
                found.add(place + "[" + key + "]: " + other + ", expected " + value);
            }
        });
    }

    private void compareTensors(String place, Tensor expected, Tensor actual) {
        if (expected.type() != actual.type() || !expected.shape().equals(actual.shape())) {
            found.add(
                    place + ": " + actual.type() + actual.shape() + ", expected " + expected.type() + expected.shape());
        } else if (!expected.type().isFloating()) {
            if (!expected.equals(actual)) {
                found.add(place + ": " + actual + ", expected " + expected);
            }
        } else {
            double[] wanted = expected.convertTo(DataType.DOUBLE).toDoubleArray();
            double[] got = actual.convertTo(DataType.DOUBLE).toDoubleArray();
            int[] different = java.util.stream.IntStream.range(0, wanted.length)
                    .filter(it -> !agree(wanted[it], got[it]))
                    .toArray();
            if (different.length > 0) {
                int first = different[0];
                found.add(place + ": " + different.length + " of " + wanted.length + " elements differ, the first at "
                        + first + ": " + got[first] + ", expected " + wanted[first] + " of shape "
                        + Arrays.toString(expected.shape().toArray()));
            }
        }
    }

    private boolean agree(double expected, double actual) {
        return Double.compare(expected, actual) == 0
                || expected == actual
                || Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
    }
}
