package dev.kitchen.tflite;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.tensor.Shape;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is valid by the schema and yet ends the process in TensorFlow Lite 2.21, or writes past its memory: each rule
 * names what the kernel takes for granted without looking.
 */
final class KillerCheck {

    /** Operators that divide by the scales of 8-bit numbers, and end the process where these are 0 or not there. */
    private static final Set<String> CALCULATING = Set.of(
            "ADD",
            "SUB",
            "MUL",
            "CONV_2D",
            "DEPTHWISE_CONV_2D",
            "TRANSPOSE_CONV",
            "FULLY_CONNECTED",
            "BATCH_MATMUL",
            "SQUARED_DIFFERENCE",
            "LOGISTIC",
            "TANH",
            "SOFTMAX",
            "LOG_SOFTMAX",
            "L2_NORMALIZATION",
            "LEAKY_RELU",
            "PRELU",
            "HARD_SWISH",
            "ELU",
            "EXP",
            "MEAN",
            "SUM");

    private final FlatFile file;
    private final GraphInfo graph;
    private final OperatorInfo operator;

    KillerCheck(FlatFile file, GraphInfo graph, OperatorInfo operator) {
        this.file = file;
        this.graph = graph;
        this.operator = operator;
    }

    void check() {
        if (CALCULATING.contains(operator.name())) {
            Stream.concat(operator.inputs().stream(), operator.outputs().stream())
                    .filter(it -> it >= 0 && it < graph.tensors().size())
                    .map(graph::tensor)
                    .forEach(this::requireScale);
        }
        switch (operator.code()) {
            case BuiltinOperator.SVDF -> checkSvdf();
            case BuiltinOperator.TOPK_V2 -> checkTopK();
            case BuiltinOperator.LSTM, BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM -> new LstmCheck(this).check();
            case BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM -> {
                requireInputs(48, 2, 3, 4, 6, 7, 8, 13, 14, 15, 19, 20, 21, 23, 24, 25, 30, 31, 32, 35, 36, 37, 38);
                for (int state = 35; state <= 38; state++) {
                    requireState(state, ElementType.FLOAT32);
                }
            }
            case BuiltinOperator.RNN, BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_RNN -> {
                requireInputs(5, 0, 1, 2, 3, 4);
                requireState(4, ElementType.FLOAT32);
            }
            case BuiltinOperator.BIDIRECTIONAL_SEQUENCE_RNN -> {
                requireInputs(12, 0, 1, 2, 3, 4, 5, 6, 7, 8);
                requireState(4, ElementType.FLOAT32);
                requireState(8, ElementType.FLOAT32);
            }
            default -> {}
        }
    }

    private void requireScale(TensorInfo tensor) {
        boolean bytes = tensor.type() == ElementType.INT8 || tensor.type() == ElementType.UINT8;
        boolean scaled = !tensor.quantization().scales().isEmpty()
                && tensor.quantization().scales().stream().allMatch(it -> it > 0);
        if (bytes && !scaled) {
            throw refused("calculates with " + tensor + " of type " + tensor.type()
                    + ", which has no scale; run the model isolated, or convert it again");
        }
    }

    /** The integer kernel writes 16-bit numbers into the state whatever type it has, and reads so the time weights. */
    private void checkSvdf() {
        requireInputs(5, 0, 1, 2, 4);
        Shape features = shape(1, 2);
        Shape time = shape(2, 2);
        Shape input = shape(0, 2);
        int rank = operator.options().map(it -> it.intAt(0, 0)).orElse(0);
        long filters = features.dimension(0);
        if (rank < 1 || filters % rank != 0 || time.dimension(0) != filters) {
            throw refused("has rank " + rank + ", " + filters + " filters and " + time.dimension(0)
                    + " filters in time, expected a multiple of the rank, and as many");
        }
        boolean integer = input(0).type() == ElementType.INT8;
        requireState(4, integer ? ElementType.INT16 : ElementType.FLOAT32);
        requireElements(4, input.dimension(0) * time.dimension(1) * filters);
        if (integer && input(2).type() != ElementType.INT16) {
            throw refused("has time weights of type " + input(2).type() + ", expected INT16 where inputs are INT8");
        }
    }

    /** The kernel writes at least one element however small k is, and takes k from a tensor. */
    private void checkTopK() {
        requireInputs(2, 0, 1);
        TensorInfo k = input(1);
        if (!k.isConstant() || k.shape().elementCount() != 1) {
            throw refused(
                    "takes k from its input at run time, where 0 writes past the memory; export it with a fixed k,"
                            + " or run the model isolated");
        }
        int place = Math.toIntExact(k.constantPlace());
        long value = k.type() == ElementType.INT16 ? (short) file.readShort(place) : file.readInt(place);
        if (value < 1) {
            throw refused("has k " + value + ", expected 1 or more");
        }
    }

    void requireInputs(int count, int... required) {
        if (operator.inputs().size() != count) {
            throw refused("has " + operator.inputs().size() + " inputs, expected " + count);
        }
        for (int input : required) {
            if (!operator.has(input)) {
                throw refused("lacks input " + input);
            }
        }
    }

    /** A state is memory that the runtime makes: what is a plain tensor may lie where other tensors do. */
    void requireState(int input, ElementType type) {
        TensorInfo state = input(input);
        if (!state.variable() || state.type() != type) {
            throw refused("has as state " + state + ", " + (state.variable() ? "" : "not ") + "variable, of type "
                    + state.type() + ", expected a variable one of type " + type + "; run the model isolated");
        }
    }

    void requireElements(int input, long expected) {
        TensorInfo tensor = input(input);
        if (tensor.shape().elementCount() != expected) {
            throw refused("has " + tensor + " of shape " + tensor.shape() + ", expected " + expected + " elements");
        }
    }

    Shape shape(int input, int rank) {
        TensorInfo tensor = input(input);
        if (tensor.shape().rank() != rank) {
            throw refused("has " + tensor + " of shape " + tensor.shape() + ", expected " + rank + " dimensions");
        }
        return tensor.shape();
    }

    TensorInfo input(int input) {
        return graph.tensor(operator.inputs().get(input));
    }

    OperatorInfo operator() {
        return operator;
    }

    GraphInfo graph() {
        return graph;
    }

    ModelLoadException refused(String problem) {
        return file.refused("operator " + operator.name() + " " + problem);
    }
}
