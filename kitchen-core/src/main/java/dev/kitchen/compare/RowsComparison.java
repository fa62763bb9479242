package dev.kitchen.compare;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Requests, what each of them was answered alone, and how that compares with what a batch gave them. */
public final class RowsComparison {

    private static final int NUDGES = 2;

    private final List<NamedValues> inputs;
    private final List<NamedValues> alone;
    private final UnaryOperator<NamedValues> model;
    private final List<RowDifference> outputs = new ArrayList<>();

    /**
     * A comparison with answers that are known.
     *
     * @param inputs of each request, one or more
     * @param alone what the model answers each by itself: tensors with rows
     * @param model runs the model once more, where the precision of its answers has to be found out
     */
    public RowsComparison(List<NamedValues> inputs, List<NamedValues> alone, UnaryOperator<NamedValues> model) {
        this.inputs = List.copyOf(inputs);
        this.alone = List.copyOf(alone);
        this.model = model;
        for (String name : alone.get(0).names()) {
            outputs.add(new RowDifference(
                    alone.stream().map(answer -> answer.tensor(name)).toList()));
        }
    }

    /**
     * How the answer of a batch to a request differs from the one that it gets alone; empty if by rounding at most.
     *
     * @param batched the outputs, in the order of those of the request alone
     * @param row what is compared, for the message, such as "row 1 in a batch of 2"
     */
    public Optional<String> difference(int request, NamedValues batched, String row) {
        for (int i = 0; i < outputs.size(); i++) {
            String name = batched.name(i);
            Optional<String> difference = outputs.get(i).find(request, batched.tensor(name));
            if (difference.isPresent() && batched.tensor(name).type().isFloating()) {
                difference = outputs.get(i).find(request, batched.tensor(name), nudged(request, name));
            }
            if (difference.isPresent()) {
                return Optional.of("output '" + name + "' of " + row + " is not what it is alone: " + difference.get());
            }
        }
        return Optional.empty();
    }

    private List<Tensor> nudged(int request, String output) {
        List<Tensor> answers = new ArrayList<>();
        for (int i = 0; i < NUDGES; i++) {
            int start = i;
            NamedValues values = mapped(inputs.get(request), tensor -> nudged(tensor, start));
            if (!values.equals(inputs.get(request))) {
                answers.add(model.apply(values).tensor(output));
            }
        }
        return answers;
    }

    private static NamedValues mapped(NamedValues values, UnaryOperator<Tensor> change) {
        Value[] changed = new Value[values.size()];
        for (int i = 0; i < changed.length; i++) {
            changed[i] = values.value(i) instanceof Tensor tensor ? change.apply(tensor) : values.value(i);
        }
        return NamedValues.of(values.names(), changed);
    }

    /** Fractions, every other one a little larger and the rest a little smaller. */
    private static Tensor nudged(Tensor tensor, int start) {
        DataType type = tensor.type();
        if (!type.isFloating()) {
            return tensor;
        }
        double step = type == DataType.FLOAT16 ? 1e-3 : type == DataType.BFLOAT16 ? 8e-3 : 1e-6;
        double[] values = new double[tensor.elementCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.doubleAt(i) * (1 + ((i + start) % 2 == 0 ? step : -step));
        }
        return MadeUpRows.fractions(type, values, tensor.shape());
    }

    /** The first output that is the same for all requests, as far as a comparison can tell; empty if there is none. */
    public Optional<String> constantOutput() {
        for (int i = 0; i < outputs.size(); i++) {
            boolean differs = false;
            for (int request = 1; request < inputs.size() && !differs; request++) {
                differs = outputs.get(i).differ(0, request);
            }
            if (!differs) {
                return Optional.of(alone.get(0).name(i));
            }
        }
        return Optional.empty();
    }
}
