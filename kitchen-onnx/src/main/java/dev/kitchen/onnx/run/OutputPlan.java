package dev.kitchen.onnx.run;

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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the shapes of outputs before a run, so that they can be written into memory that exists already. An output's
 * shape is known when each dimension is a number or has the name of an input's dimension. A model may declare a wrong
 * shape; ONNX Runtime then fails where it would have answered without such memory, and the output is given up.
 *
 * <p>Safe for use by many threads.
 */
public final class OutputPlan {

    private final Map<String, Source> sources = new HashMap<>();
    private volatile Map<String, TensorSpec> outputs;

    /** The input and the axis that a dimension's name stands at. */
    private record Source(String input, int axis) {}

    /**
     * A plan for a model.
     *
     * @param notComputed outputs that are themselves inputs or initializers. ONNX Runtime does not write those into
     *     memory it is given: it hands over the input itself.
     */
    public OutputPlan(ModelSignature signature, Set<String> notComputed) {
        for (ValueSpec input : signature.inputs()) {
            if (input instanceof TensorSpec tensor) {
                addSources(tensor);
            }
        }
        Map<String, TensorSpec> foreseeable = new HashMap<>();
        for (ValueSpec output : signature.outputs()) {
            if (output instanceof TensorSpec tensor && !notComputed.contains(tensor.name()) && isForeseeable(tensor)) {
                foreseeable.put(tensor.name(), tensor);
            }
        }
        this.outputs = Map.copyOf(foreseeable);
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

    /** An object that is replaced by another one whenever an output is given up. */
    public Object revision() {
        return outputs;
    }

    /** The tensor that an output will be, if that can be predicted. */
    public Optional<TensorSpec> foresee(String output, NamedValues inputs) {
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

    /**
     * Gives up the outputs whose shapes were predicted wrongly, after a run that failed with this plan and succeeded
     * without it. Where all shapes were right, something else about the plan was wrong, and all of these outputs are
     * given up.
     */
    public void learn(NamedValues inputs, NamedValues answer) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < answer.size(); i++) {
            Optional<TensorSpec> foreseen = foresee(answer.name(i), inputs);
            boolean right = foreseen.isEmpty()
                    || (answer.value(i) instanceof Tensor tensor
                            && tensor.shape().equals(foreseen.get().shape()));
            if (!right) {
                wrong.add(answer.name(i));
            }
        }
        giveUp(wrong.isEmpty() ? answer.names() : wrong);
    }

    private synchronized void giveUp(List<String> names) {
        Map<String, TensorSpec> rest = new HashMap<>(outputs);
        names.forEach(rest::remove);
        outputs = Map.copyOf(rest);
    }
}
