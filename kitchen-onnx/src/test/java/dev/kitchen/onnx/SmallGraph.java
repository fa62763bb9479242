package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A model in a line of text, of parts between semicolons: inputs and constants, then nodes, then outputs. An input is
 * {@code x:int64[n,3]}, without brackets if its rank is not declared, and with {@code *} before its type if it is a
 * sequence; a constant is {@code k=int64[1]=2}; a node {@code TopK x k > values indexes | axis=i1}. Types, values and
 * attributes are written as in {@link OperatorSeed}. A word before it puts all nodes into a {@code function}, the
 * branches of an {@code if}, or the body of a {@code scan}.
 */
final class SmallGraph {

    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private final List<TensorProto> constants = new ArrayList<>();
    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<ValueInfoProto> outputs = new ArrayList<>();

    private SmallGraph(String text) {
        String[] parts = text.split("; ", -1);
        for (String word : parts[0].split(" ", -1)) {
            int sign = word.indexOf('=');
            if (sign > 0) {
                constants.add(TrialTensors.proto(word.substring(0, sign), tensor(word.substring(sign + 1))));
            } else {
                inputs.add(value(word));
            }
        }
        for (int i = 1; i < parts.length - 1; i++) {
            nodes.add(node(parts[i], "node" + i));
        }
        for (String word : parts[parts.length - 1].split(" ", -1)) {
            outputs.add(value(word));
        }
    }

    static ModelProto model(String text, int opset) {
        int space = text.indexOf(' ');
        String kind = text.substring(0, space);
        boolean isWhole = kind.contains(":");
        SmallGraph graph = new SmallGraph(isWhole ? text : text.substring(space + 1));
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10);
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
        for (String domain : new String[] {"com.microsoft", "local"}) {
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1));
        }
        return (isWhole ? model.setGraph(graph.whole()) : graph.wrap(kind, model, opset)).build();
    }

    private GraphProto.Builder whole() {
        return GraphProto.newBuilder()
                .setName("g")
                .addAllInput(inputs)
                .addAllInitializer(constants)
                .addAllNode(nodes)
                .addAllOutput(outputs);
    }

    private ModelProto.Builder wrap(String kind, ModelProto.Builder model, int opset) {
        List<String> names = inputs.stream().map(ValueInfoProto::getName).toList();
        List<String> results = outputs.stream().map(ValueInfoProto::getName).toList();
        NodeProto.Builder node = NodeProto.newBuilder().setName("outer").addAllOutput(results);
        GraphProto.Builder main =
                GraphProto.newBuilder().setName("g").addAllInput(inputs).addAllOutput(outputs);
        switch (kind) {
            case "function" -> {
                FunctionProto.Builder function = FunctionProto.newBuilder()
                        .setName("F")
                        .setDomain("local")
                        .addAllInput(names)
                        .addAllOutput(results);
                function.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
                constants.forEach(constant -> function.addNode(NodeProto.newBuilder()
                        .setOpType("Constant")
                        .addOutput(constant.getName())
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(constant))));
                model.addFunctions(function.addAllNode(nodes));
                node.setOpType("F").setDomain("local").addAllInput(names);
            }
            case "if" -> {
                GraphProto branch = whole().clearInput().build();
                main.addInput(TestModels.tensor("choice", TensorProto.DataType.BOOL_VALUE));
                node.setOpType("If")
                        .addInput("choice")
                        .addAttribute(graph("then_branch", branch))
                        .addAttribute(graph("else_branch", branch));
            }
            default ->
                node.setOpType("Scan")
                        .addAllInput(names)
                        .addAttribute(TestModels.integer("num_scan_inputs", names.size()))
                        .addAttribute(graph("body", body(whole().build())));
        }
        return model.setGraph(main.addNode(node));
    }

    /** The same names mean slices inside. */
    private static GraphProto body(GraphProto whole) {
        GraphProto.Builder body = whole.toBuilder().clearInput().clearOutput();
        whole.getInputList()
                .forEach(input -> body.addInput(DangerousRequestRun.undeclared(
                        input.getName(), input.getType().getTensorType().getElemType())));
        whole.getOutputList()
                .forEach(output -> body.addOutput(DangerousRequestRun.undeclared(
                        output.getName(), output.getType().getTensorType().getElemType())));
        return body.build();
    }

    private static AttributeProto graph(String name, GraphProto graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }

    private static NodeProto node(String text, String name) {
        String[] halves = text.split(" \\| ", -1);
        String[] sides = halves[0].split(" > ", -1);
        List<String> words = Arrays.asList(sides[0].split(" ", -1));
        int colon = words.get(0).indexOf(':');
        NodeProto.Builder node = NodeProto.newBuilder()
                .setName(name)
                .setDomain(colon < 0 ? "" : words.get(0).substring(0, colon))
                .setOpType(words.get(0).substring(colon + 1));
        words.subList(1, words.size()).forEach(word -> node.addInput(word.equals("_") ? "" : word));
        node.addAllOutput(Arrays.asList(sides[1].split(" ", -1)));
        if (halves.length > 1) {
            node.addAllAttribute(OperatorSeed.parse("Identity@13 float[1] -> float | " + halves[1])
                    .attributes());
        }
        return node.build();
    }

    private static ValueInfoProto value(String word) {
        int colon = word.indexOf(':');
        int open = word.indexOf('[');
        String name = word.substring(0, colon);
        String type = word.substring(colon + 1, open < 0 ? word.length() : open);
        int number = TensorProto.DataType.valueOf(type.replace("*", "").toUpperCase(Locale.ROOT))
                .getNumber();
        ValueInfoProto undeclared = DangerousRequestRun.undeclared(name, number);
        if (type.startsWith("*")) {
            return ValueInfoProto.newBuilder()
                    .setName(name)
                    .setType(TypeProto.newBuilder()
                            .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(undeclared.getType())))
                    .build();
        }
        Object[] dimensions = open < 0
                ? new Object[0]
                : Arrays.stream(word.substring(open + 1, word.length() - 1).split(",", -1))
                        .filter(size -> !size.isEmpty())
                        .map(size -> Character.isDigit(size.charAt(0)) ? Long.valueOf(size) : size)
                        .toArray();
        return open < 0 ? undeclared : TestModels.tensor(name, number, dimensions);
    }

    /** A request, such as {@code x=int64[2]=1:2 y=*float[0,3]}, where a star makes a sequence of one tensor. */
    static Map<String, Value> request(String text) {
        Map<String, Value> request = new LinkedHashMap<>();
        for (String word : text.split(" ", -1)) {
            int sign = word.indexOf('=');
            String value = word.substring(sign + 1);
            request.put(
                    word.substring(0, sign),
                    value.startsWith("*") ? new SequenceValue(List.of(tensor(value.substring(1)))) : tensor(value));
        }
        return request;
    }

    private static Tensor tensor(String text) {
        return DangerousRequestRun.tensor(OperatorSeed.parse("Identity@13 " + text + " -> float")
                .nodes()
                .get(0)
                .inputs()
                .get(0));
    }
}
