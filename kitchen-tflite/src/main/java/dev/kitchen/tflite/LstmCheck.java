package dev.kitchen.tflite;

import java.util.List;

/** What the kernels of LSTM and UNIDIRECTIONAL_SEQUENCE_LSTM take for granted: these inputs, states of this size. */
final class LstmCheck {

    private static final int[] REQUIRED = {0, 2, 3, 4, 6, 7, 8, 13, 14, 15, 18, 19};
    private static final int INPUT_WEIGHTS = 1;
    private static final int RECURRENT_WEIGHTS = 6;
    private static final int PROJECTION = 16;
    private static final int OUTPUT_STATE = 18;
    private static final int CELL_STATE = 19;
    private static final int LAYER_NORM = 20;
    private static final int INPUTS = 20;
    private static final int INPUTS_WITH_LAYER_NORM = 24;
    private static final int INPUTS_OF_BASIC_KERNEL = 5;

    /** How many tensors between the steps an integer kernel wants, for its two kinds. */
    private static final List<Integer> INTERMEDIATES = List.of(5, 12);

    private final KillerCheck rules;
    private final OperatorInfo operator;

    LstmCheck(KillerCheck rules) {
        this.rules = rules;
        this.operator = rules.operator();
    }

    void check() {
        if (isBasic()) {
            rules.requireInputs(INPUTS_OF_BASIC_KERNEL, 0, 1, 2, 3, 4);
            return;
        }
        boolean layerNorm = operator.inputs().size() == INPUTS_WITH_LAYER_NORM;
        rules.requireInputs(layerNorm ? INPUTS_WITH_LAYER_NORM : INPUTS, REQUIRED);
        ElementType type = rules.input(0).type();
        boolean integer = type == ElementType.INT8 || type == ElementType.INT16;
        rules.requireState(OUTPUT_STATE, integer ? type : ElementType.FLOAT32);
        rules.requireState(CELL_STATE, integer ? ElementType.INT16 : ElementType.FLOAT32);
        checkSizes();
        if (integer) {
            checkIntermediates(layerNorm && operator.has(LAYER_NORM + 1));
        }
    }

    private boolean isBasic() {
        return operator.code() == BuiltinOperator.LSTM
                && operator.options().map(it -> it.byteAt(3, 0)).orElse(0) == 1;
    }

    /** Weights are [cells, inputs] and [cells, outputs]; the states hold one row of each for each of the batch. */
    private void checkSizes() {
        long cells = rules.shape(INPUT_WEIGHTS + 1, 2).dimension(0);
        long features = rules.shape(INPUT_WEIGHTS + 1, 2).dimension(1);
        long outputs = rules.shape(RECURRENT_WEIGHTS, 2).dimension(1);
        boolean sequence = operator.code() == BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM;
        var input = rules.shape(0, sequence ? 3 : 2);
        if (input.dimension(input.rank() - 1) != features) {
            throw rules.refused("has inputs of shape " + input + " and weights for " + features);
        }
        for (int gate = 0; gate < 4; gate++) {
            requireElements(INPUT_WEIGHTS + gate, cells * features);
            requireElements(INPUT_WEIGHTS + 4 + gate, cells * outputs);
            requireElements(12 + gate, cells);
            requireElements(LAYER_NORM + gate, cells);
        }
        for (int peephole = 9; peephole < 12; peephole++) {
            requireElements(peephole, cells);
        }
        requireElements(PROJECTION, cells * outputs);
        requireElements(PROJECTION + 1, outputs);
        if (!operator.has(PROJECTION) && cells != outputs) {
            throw rules.refused("has " + cells + " cells and " + outputs + " outputs, and nothing between them");
        }
        boolean timeMajor =
                sequence && operator.options().map(it -> it.byteAt(3, 0)).orElse(0) != 0;
        long batch = input.dimension(timeMajor ? 1 : 0);
        rules.requireElements(OUTPUT_STATE, batch * outputs);
        rules.requireElements(CELL_STATE, batch * cells);
    }

    private void requireElements(int input, long expected) {
        if (operator.has(input)) {
            rules.requireElements(input, expected);
        }
    }

    /** The integer kernels read scales out of these without looking whether they have any. */
    private void checkIntermediates(boolean layerNorm) {
        List<Integer> intermediates = operator.intermediates();
        if (!INTERMEDIATES.contains(intermediates.size())) {
            throw rules.refused(
                    "has " + intermediates.size() + " tensors between its steps, expected one of " + INTERMEDIATES);
        }
        for (int i = 0; i < intermediates.size(); i++) {
            TensorInfo between = rules.graph().tensor(intermediates.get(i));
            boolean read = layerNorm || i >= 4;
            if (read && between.quantization().scales().isEmpty()) {
                throw rules.refused("has " + between + " between its steps without a scale");
            }
        }
        if (rules.input(CELL_STATE).quantization().scales().isEmpty()) {
            throw rules.refused("has a cell state without a scale");
        }
    }
}
