package dev.kitchen.tflite;

import java.util.List;

/** A graph of the file: its tensors, and the operators in the order they run in. */
record GraphInfo(
        int index,
        List<TensorInfo> tensors,
        List<Integer> inputs,
        List<Integer> outputs,
        List<OperatorInfo> operators) {

    GraphInfo {
        tensors = List.copyOf(tensors);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = List.copyOf(operators);
    }

    TensorInfo tensor(int index) {
        return tensors.get(index);
    }
}
