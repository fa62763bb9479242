package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import java.util.List;
import java.util.Optional;

/**
 * One step of a graph.
 *
 * @param custom the name of an operator that is not built in; empty otherwise
 * @param inputs indices of tensors, -1 where an optional one is left out
 */
record OperatorInfo(
        int code,
        String custom,
        int version,
        List<Integer> inputs,
        List<Integer> outputs,
        List<Integer> intermediates,
        Optional<FlatTable> options) {

    static final int LEFT_OUT = -1;

    OperatorInfo {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        intermediates = List.copyOf(intermediates);
    }

    boolean isCustom() {
        return code == BuiltinOperator.CUSTOM;
    }

    /** Whether an input is there. */
    boolean has(int input) {
        return input < inputs.size() && inputs.get(input) != LEFT_OUT;
    }

    String name() {
        return isCustom() ? MessageText.of(custom, 60) : BuiltinOperator.name(code);
    }
}
