package dev.kitchen.tflite;

import dev.kitchen.tensor.Tensor;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** Whether a graph makes sense: tensors are as large as they say, and each step finds what it reads. */
final class GraphCheck {

    /** Operators with a name of their own that the runtime has all the same. */
    private static final Set<String> CUSTOM =
            Set.of("NumericVerify", "Mfcc", "AudioSpectrogram", "TFLite_Detection_PostProcess");

    private static final Set<Integer> WITH_OPTIONAL_INPUTS = Set.of(
            BuiltinOperator.CONV_2D,
            BuiltinOperator.DEPTHWISE_CONV_2D,
            BuiltinOperator.FULLY_CONNECTED,
            BuiltinOperator.TRANSPOSE_CONV,
            BuiltinOperator.CONV_3D,
            BuiltinOperator.SVDF,
            BuiltinOperator.LSTM,
            BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM,
            BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM,
            BuiltinOperator.BIDIRECTIONAL_SEQUENCE_RNN);

    private final FlatFile file;
    private final GraphInfo graph;
    private final boolean trusted;
    private final BitSet known = new BitSet();

    GraphCheck(FlatFile file, GraphInfo graph, boolean trusted) {
        this.file = file;
        this.graph = graph;
        this.trusted = trusted;
    }

    void check() {
        graph.tensors().forEach(this::checkTensor);
        for (int input : graph.inputs()) {
            requireTensor(input, "an input of the graph");
            if (known.get(input)) {
                throw file.damaged(graph.tensor(input) + " is an input twice, or has data already");
            }
            known.set(input);
        }
        for (OperatorInfo operator : graph.operators()) {
            checkOperator(operator);
        }
        for (int output : graph.outputs()) {
            requireTensor(output, "an output of the graph");
            requireKnown(output, "the graph's end");
        }
    }

    private void checkTensor(TensorInfo tensor) {
        long elements = tensor.shape().elementCount();
        if (tensor.type().isSized()) {
            long bytes = tensor.type().bytes(elements);
            if (bytes > Tensor.MAX_BYTES) {
                throw file.refused(tensor + " has " + bytes + " bytes, expected at most " + Tensor.MAX_BYTES);
            }
            if (tensor.isConstant() && !tensor.sparse() && tensor.constantBytes() != bytes) {
                throw file.damaged(tensor + " has " + tensor.constantBytes() + " bytes of data, its shape "
                        + tensor.shape() + " needs " + bytes);
            }
        }
        if (tensor.isConstant() && tensor.type() == ElementType.STRING) {
            requireStrings(tensor, elements);
        }
        if (tensor.isConstant() && tensor.variable()) {
            throw file.damaged(tensor + " is variable and has data");
        }
        checkQuantization(tensor);
        if (tensor.isConstant() || tensor.variable() || elements == 0) {
            known.set(tensor.index());
        }
    }

    /** Strings are stored as their count, where each begins and where the last one ends, and then their bytes. */
    private void requireStrings(TensorInfo tensor, long elements) {
        int place = Math.toIntExact(tensor.constantPlace());
        long bytes = tensor.constantBytes();
        long header = 4 * (elements + 2);
        boolean whole = bytes >= header && file.readInt(place) == elements;
        long before = header;
        for (int i = 0; whole && i <= elements; i++) {
            long offset = file.readInt(place + 4 + 4 * i) & 0xffff_ffffL;
            whole = offset >= before && offset <= bytes;
            before = offset;
        }
        if (!whole) {
            throw file.damaged(tensor + " has texts that do not fit into its data");
        }
    }

    private void checkQuantization(TensorInfo tensor) {
        QuantizationInfo quantization = tensor.quantization();
        if (quantization.blockwise() && trusted) {
            throw file.refused(tensor + " is quantised block by block, which ends the process in TensorFlow Lite 2.21;"
                    + " export it with one scale for each tensor or channel");
        }
        if (!tensor.type().isQuantizable()) {
            return;
        }
        for (float scale : quantization.scales()) {
            if (!(scale >= 0 && scale < Float.POSITIVE_INFINITY)) {
                throw file.damaged(tensor + " has the scale " + scale + ", expected a number of 0 or more");
            }
        }
        int scales = quantization.scales().size();
        if (scales > 1) {
            int axis = quantization.axis();
            int rank = tensor.shape().rank();
            if (axis < 0 || axis >= rank || tensor.shape().dimension(axis) != scales) {
                throw file.damaged(
                        tensor + " of shape " + tensor.shape() + " has " + scales + " scales along dimension " + axis);
            }
        }
        for (long zeroPoint : quantization.zeroPoints()) {
            if (zeroPoint < tensor.type().least() || zeroPoint > tensor.type().most()) {
                throw file.damaged(tensor + " has the zero point " + zeroPoint + ", which is no " + tensor.type());
            }
        }
    }

    private void checkOperator(OperatorInfo operator) {
        requireSupported(operator);
        for (int input : operator.inputs()) {
            if (input == OperatorInfo.LEFT_OUT) {
                requireOptionalInputs(operator);
            } else {
                requireTensor(input, operator.name());
                requireKnown(input, operator.name());
            }
        }
        operator.intermediates().forEach(it -> requireTensor(it, operator.name()));
        if (trusted) {
            new KillerCheck(file, graph, operator).check();
        }
        for (int output : operator.outputs()) {
            requireTensor(output, operator.name());
            if (known.get(output) && graph.tensor(output).shape().elementCount() != 0) {
                throw file.damaged(
                        graph.tensor(output) + " is written by " + operator.name() + ", and has data already");
            }
            known.set(output);
        }
    }

    private void requireSupported(OperatorInfo operator) {
        if (operator.isCustom()) {
            if (operator.custom().startsWith("Flex")) {
                throw file.refused("operator " + operator.name() + " is TensorFlow's own (Flex), which TensorFlow Lite"
                        + " does not have; convert the model without SELECT_TF_OPS");
            }
            if (!CUSTOM.contains(operator.custom())) {
                throw file.refused("operator " + operator.name() + " is not built into TensorFlow Lite; convert the"
                        + " model without custom operators");
            }
        } else if (!BuiltinOperator.isKnown(operator.code())
                || operator.code() == BuiltinOperator.PLACEHOLDER_FOR_GREATER_CODES) {
            throw file.refused("operator " + operator.name() + " is unknown to TensorFlow Lite 2.21");
        }
        if (operator.version() < 1) {
            throw file.damaged(
                    "operator " + operator.name() + " has version " + operator.version() + ", expected 1 or more");
        }
    }

    private void requireOptionalInputs(OperatorInfo operator) {
        if (!operator.isCustom() && !WITH_OPTIONAL_INPUTS.contains(operator.code())) {
            throw file.damaged("operator " + operator.name() + " lacks an input");
        }
    }

    private void requireTensor(int index, String user) {
        List<TensorInfo> tensors = graph.tensors();
        if (index < 0 || index >= tensors.size()) {
            throw file.damaged(user + " is tensor " + index + ", there are " + tensors.size());
        }
    }

    private void requireKnown(int index, String reader) {
        if (!known.get(index)) {
            throw file.damaged(graph.tensor(index) + " has no data where " + reader + " reads it");
        }
    }
}
