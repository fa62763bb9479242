package dev.kitchen.onnx;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which shapes the outputs will have, as far as the signature says: every dimension is a number, or has the name of an
 * input's dimension. Where a model's names lie, ONNX Runtime refuses the run, and the plan is given up for good.
 */
final class OutputPlan {

    /** What ONNX Runtime says when an output does not fit the memory made for it. */
    private static final String WRONG_SHAPE = "shape verification failed";

    private final Map<String, TensorSpec> outputs = new HashMap<>();
    private final Map<String, Source> sources = new HashMap<>();
    private volatile boolean givenUp;

    /** The input and the axis that a dimension's name stands at. */
    private record Source(String input, int axis) {}

    OutputPlan(ModelSignature signature) {
        for (ValueSpec input : signature.inputs()) {
            if (input instanceof TensorSpec tensor) {
                addSources(tensor);
            }
        }
        for (ValueSpec output : signature.outputs()) {
            if (output instanceof TensorSpec tensor && isForeseeable(tensor)) {
                outputs.put(tensor.name(), tensor);
            }
        }
    }

    private void addSources(TensorSpec input) {
        List<String> names = input.dimensionNames();
        for (int axis = 0; axis < names.size(); axis++) {
            if (!names.get(axis).isEmpty()) {
                sources.putIfAbsent(names.get(axis), new Source(input.name(), axis));
            }
        }
    }

    private boolean isForeseeable(TensorSpec output) {
        if (output.type() == DataType.STRING || !output.shape().isRankKnown()) {
            return false;
        }
        for (int axis = 0; axis < output.shape().rank(); axis++) {
            if (output.shape().dimension(axis) < 0
                    && !sources.containsKey(output.dimensionNames().get(axis))) {
                return false;
            }
        }
        return true;
    }

    boolean isUsable() {
        return !givenUp && !outputs.isEmpty();
    }

    /** Whether the run failed because the plan was wrong; it is given up then. */
    boolean wasWrong(Exception e) {
        boolean wrong = String.valueOf(e.getMessage()).contains(WRONG_SHAPE);
        givenUp |= wrong;
        return wrong;
    }

    /** The tensor that an output will be, if that can be foreseen; of zeros. */
    Optional<TensorSpec> foresee(String output, NamedValues inputs) {
        TensorSpec spec = outputs.get(output);
        if (spec == null) {
            return Optional.empty();
        }
        long[] shape = spec.shape().toArray();
        List<String> names = new ArrayList<>(spec.dimensionNames());
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] < 0) {
                shape[axis] = dimension(sources.get(names.get(axis)), inputs);
            }
            if (shape[axis] < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new TensorSpec(output, spec.type(), Shape.of(shape), names));
    }

    private static long dimension(@Nullable Source source, NamedValues inputs) {
        return source != null
                        && inputs.find(source.input).orElse(null) instanceof Tensor tensor
                        && source.axis < tensor.shape().rank()
                ? tensor.shape().dimension(source.axis)
                : Shape.DYNAMIC;
    }
}
