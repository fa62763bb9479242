package dev.kitchen.onnx.operator;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/** Nodes with which ONNX Runtime ends the process, whatever a request brings: attributes, element types, constants. */
final class NodeRefusals {

    /** The version of ONNX from which on the first input of Scan is no longer a list of lengths. */
    private static final long SCAN_WITHOUT_LENGTHS = 9;

    private NodeRefusals() {}

    static void requireLoadable(Scope scope, Node node, ShapeSources sources, long opset) {
        RangeCheck.of(scope, node, sources).forEach(RangeCheck::requireLoadable);
        switch (node.qualifiedOperator()) {
            case "TensorScatter" -> requireNumbers(scope, node);
            case "Cast", "CastLike" -> requireSaturate(node);
            case "com.microsoft.CausalConvWithState" -> requireOneDimension(node);
            case "LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization" -> requireAxis(node);
            case "Attention" -> {
                requirePositive(node, "q_num_heads");
                requirePositive(node, "kv_num_heads");
            }
            case "ConvTranspose", "com.microsoft.ConvTransposeWithDynamicPads" -> requirePositive(node, "group");
            case "DepthToSpace", "SpaceToDepth" -> requirePositive(node, "blocksize");
            case "Scan" -> requireScanInputs(node, opset);
            case "TfIdfVectorizer" -> NGrams.requireLoadable(node);
            default -> {}
        }
    }

    /** ONNX Runtime divides by the number, some kernels as one of 32 bits. */
    private static void requirePositive(Node node, String attribute) {
        long number = node.integer(attribute, 1);
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw refused(node, attribute + " " + number, "1 to " + Integer.MAX_VALUE);
        }
    }

    /** ONNX Runtime takes the number for a count of the inputs that are there. */
    private static void requireScanInputs(Node node, long opset) {
        long scanned = node.integer("num_scan_inputs", 1);
        int inputs = node.inputs().size();
        if (scanned < 1 || scanned > inputs) {
            throw refused(node, "num_scan_inputs " + scanned, "1 to its number of inputs, " + inputs);
        }
        for (Graph body : node.subgraphs()) {
            if (opset >= SCAN_WITHOUT_LENGTHS && body.inputs().size() != inputs) {
                throw refused(node, inputs + " inputs", body.inputs().size() + " as its body");
            }
        }
    }

    static ModelLoadException refused(Node node, String actual, String expected) {
        return new ModelLoadException(NodeCheck.place(node) + " has " + actual + ", expected " + expected
                + ": ONNX Runtime would end the process or read memory of others");
    }

    /** ONNX Runtime copies strings as if they were numbers, and frees them twice. */
    private static void requireNumbers(Scope scope, Node node) {
        Stream<String> values = Stream.of(node.inputs(), node.outputs()).flatMap(List::stream);
        if (values.anyMatch(name -> isStrings(scope, name))) {
            throw new ModelLoadException(
                    NodeCheck.place(node) + " gets strings, expected numbers: ONNX Runtime would end the process");
        }
    }

    private static boolean isStrings(Scope scope, String name) {
        return scope.constant(name)
                        .filter(constant -> constant.type() == ElementType.STRING)
                        .isPresent()
                || scope.declaration(name)
                        .filter(value -> value.elementType() == ElementType.STRING)
                        .isPresent();
    }

    /** With another number the output is memory that nobody has written to. */
    private static void requireSaturate(Node node) {
        long saturate = node.integer("saturate", 1);
        if (saturate != 0 && saturate != 1) {
            throw new ModelLoadException(NodeCheck.place(node) + " has saturate " + saturate
                    + ", expected 0 or 1: ONNX Runtime would answer with the contents of other memory");
        }
    }

    private static void requireOneDimension(Node node) {
        long dimensions = node.integer("ndim", 1);
        if (dimensions != 1) {
            throw new ModelLoadException(NodeCheck.place(node) + " has ndim " + dimensions
                    + ", expected 1: ONNX Runtime would end the process or refuse it");
        }
    }

    private static void requireAxis(Node node) {
        long axis = node.integer("axis", -1);
        if (axis < -Shape.MAX_RANK || axis > Shape.MAX_RANK) {
            throw new ModelLoadException(NodeCheck.place(node) + " has axis " + axis + ", expected " + -Shape.MAX_RANK
                    + " to " + Shape.MAX_RANK + ": ONNX Runtime may end the process");
        }
    }
}
