package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A model of one operator and the requests made of it, one after the other in one session. All of it follows from the
 * seeds and a number, so that a trial can be made again.
 */
final class OperatorTrial {

    private static final long MAX_ELEMENTS = 1 << 16;

    private final SplittableRandom random;
    private final OperatorSeed seed;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("trial");
    private final List<Map<String, Tensor>> requests = new ArrayList<>();
    private final Map<Integer, Integer> types = new LinkedHashMap<>();
    /** By name, what each value of the graph that is no node's output is in each request. */
    private final Map<String, List<Tensor>> values = new LinkedHashMap<>();

    private final Set<String> initializers = new LinkedHashSet<>();

    OperatorTrial(Map<String, List<OperatorSeed>> seeds, int number) {
        random = new SplittableRandom(number * 0x9E3779B97F4A7C15L);
        List<String> operators = List.copyOf(seeds.keySet());
        List<OperatorSeed> ofOperator = seeds.get(operators.get(number % operators.size()));
        seed = ofOperator.get(random.nextInt(ofOperator.size()));
        if (random.nextInt(6) == 0) {
            retype();
        }
        fill();
        nodes();
        declare();
    }

    /** The seeds by operator, so that each operator gets as many trials as any other. */
    static Map<String, List<OperatorSeed>> seeds() {
        return OperatorSeed.all().stream()
                .collect(Collectors.groupingBy(OperatorTrial::name, java.util.TreeMap::new, Collectors.toList()));
    }

    private static String name(OperatorSeed seed) {
        OperatorSeed.Node last = seed.nodes().get(seed.nodes().size() - 1);
        return (last.domain() + ":" + last.operator());
    }

    String operator() {
        return name(seed);
    }

    ModelProto model() {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10).setGraph(graph);
        int opset = 0;
        Set<String> domains = new LinkedHashSet<>();
        for (OperatorSeed.Node node : seed.nodes()) {
            domains.add(node.domain());
            opset = Math.max(opset, node.opset());
        }
        domains.add("");
        for (String domain : domains) {
            boolean known = seed.nodes().stream().anyMatch(node -> node.domain().equals(domain));
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(known ? opset : 17));
        }
        return model.build();
    }

    List<Map<String, Tensor>> requests() {
        return requests;
    }

    /** The other element type of all values of one element type. */
    private void retype() {
        List<OperatorSeed.Input> inputs = seed.nodes().get(0).inputs();
        int from = inputs.isEmpty() ? OperatorSeed.MISSING : inputs.get(0).type();
        List<Integer> others = List.of(
                TensorProto.DataType.FLOAT_VALUE,
                TensorProto.DataType.DOUBLE_VALUE,
                TensorProto.DataType.INT32_VALUE,
                TensorProto.DataType.INT64_VALUE,
                TensorProto.DataType.INT8_VALUE,
                TensorProto.DataType.UINT8_VALUE,
                TensorProto.DataType.BOOL_VALUE,
                TensorProto.DataType.STRING_VALUE,
                TensorProto.DataType.FLOAT16_VALUE);
        types.put(from, others.get(random.nextInt(others.size())));
    }

    private int type(int type) {
        return types.getOrDefault(type, type);
    }

    /** Chooses the values of all inputs for all requests. */
    private void fill() {
        int count = 1 + random.nextInt(3);
        long zeroed = random.nextInt(3) == 0 ? anyDimension() : -1;
        int odd = random.nextInt(4) == 0 ? -1 : random.nextInt(8);
        boolean oddValues = random.nextInt(3) == 0;
        for (int n = 0; n < seed.nodes().size(); n++) {
            List<OperatorSeed.Input> inputs = seed.nodes().get(n).inputs();
            for (int i = 0; i < inputs.size(); i++) {
                OperatorSeed.Input input = inputs.get(i);
                if (input.isMissing() || input.isPrevious()) {
                    continue;
                }
                String name = name(n, i);
                boolean chosen = odd >= 0 && i == odd % inputs.size();
                if (i > 0 && random.nextInt(3) > 0 || random.nextInt(20) == 0) {
                    initializers.add(name);
                }
                List<Tensor> tensors = new ArrayList<>();
                for (int r = 0; r < count; r++) {
                    boolean plain = count > 1 && r != 1 && !initializers.contains(name);
                    tensors.add(tensor(input, plain ? -1 : zeroed, !plain && chosen, !plain && oddValues));
                }
                if (initializers.contains(name)) {
                    tensors = new ArrayList<>(java.util.Collections.nCopies(count, tensors.get(count - 1)));
                }
                values.put(name, tensors);
            }
        }
        for (int r = 0; r < count; r++) {
            Map<String, Tensor> request = new LinkedHashMap<>();
            for (Map.Entry<String, List<Tensor>> value : values.entrySet()) {
                if (!initializers.contains(value.getKey())) {
                    request.put(value.getKey(), value.getValue().get(r));
                }
            }
            requests.add(request);
        }
    }

    private static String name(int node, int input) {
        return "x" + node + "_" + input;
    }

    private long anyDimension() {
        List<Long> all = seed.nodes().stream()
                .flatMap(node -> node.inputs().stream())
                .flatMap(input -> input.dimensions().stream())
                .distinct()
                .toList();
        return all.isEmpty() ? -1 : all.get(random.nextInt(all.size()));
    }

    private Tensor tensor(OperatorSeed.Input input, long zeroed, boolean oddShape, boolean oddValues) {
        List<Long> dimensions = new ArrayList<>(input.dimensions());
        dimensions.replaceAll(dimension -> dimension == zeroed ? 0 : dimension);
        if (oddShape) {
            change(dimensions);
        }
        long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
        if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) > MAX_ELEMENTS) {
            shape = input.dimensions().stream().mapToLong(Long::longValue).toArray();
        }
        int type = type(input.type());
        return oddValues && random.nextInt(3) > 0
                ? TrialTensors.odd(type, shape, input.values(), random)
                : TrialTensors.of(type, shape, input.values(), random);
    }

    private void change(List<Long> dimensions) {
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = dimensions.isEmpty() ? 0 : random.nextInt(dimensions.size());
            switch (random.nextInt(9)) {
                case 0, 1 -> set(dimensions, at, 0L);
                case 2 -> set(dimensions, at, 1L);
                case 3 -> set(dimensions, at, dimensions.isEmpty() ? 1L : dimensions.get(at) + 1);
                case 4 -> set(dimensions, at, dimensions.isEmpty() ? 1L : Math.max(0, dimensions.get(at) - 1));
                case 5 -> {
                    if (!dimensions.isEmpty()) {
                        dimensions.remove(at);
                    }
                }
                case 6 -> dimensions.add(at, 1L + random.nextInt(2));
                case 7 -> dimensions.clear();
                default -> {
                    dimensions.clear();
                    dimensions.add((long) random.nextInt(3));
                }
            }
        }
    }

    private static void set(List<Long> dimensions, int at, long value) {
        if (!dimensions.isEmpty()) {
            dimensions.set(at, value);
        }
    }

    private void nodes() {
        for (int n = 0; n < seed.nodes().size(); n++) {
            OperatorSeed.Node node = seed.nodes().get(n);
            boolean last = n == seed.nodes().size() - 1;
            NodeProto.Builder proto = NodeProto.newBuilder()
                    .setName("node" + n)
                    .setOpType(node.operator())
                    .setDomain(node.domain());
            for (int i = 0; i < node.inputs().size(); i++) {
                OperatorSeed.Input input = node.inputs().get(i);
                proto.addInput(input.isMissing() ? "" : input.isPrevious() ? "v" + (n - 1) : name(n, i));
            }
            if (last) {
                proto.addAllAttribute(attributes());
                for (int i = 0; i < seed.outputs().size(); i++) {
                    proto.addOutput(seed.outputs().get(i) == OperatorSeed.MISSING ? "" : "y" + i);
                }
            } else {
                proto.addOutput("v" + n);
            }
            graph.addNode(proto);
        }
    }

    private List<AttributeProto> attributes() {
        List<AttributeProto> attributes = new ArrayList<>(seed.attributes());
        if (!attributes.isEmpty() && random.nextInt(8) == 0) {
            int at = random.nextInt(attributes.size());
            AttributeProto.Builder changed = attributes.get(at).toBuilder();
            long odd = List.of(-1L, 0L, 1L, 2L, -2L, 3L, 5L, 1000L, Long.MAX_VALUE, Long.MIN_VALUE)
                    .get(random.nextInt(10));
            switch (changed.getType()) {
                case INT -> attributes.set(at, changed.setI(odd).build());
                case INTS ->
                    attributes.set(
                            at,
                            random.nextInt(3) == 0
                                    ? changed.addInts(odd).build()
                                    : changed.setInts(random.nextInt(changed.getIntsCount()), odd)
                                            .build());
                default -> attributes.remove(at);
            }
        }
        return attributes;
    }

    /** Says of the inputs their shapes, only how many dimensions they have, or not even that. */
    private void declare() {
        int declared = random.nextInt(8);
        for (Map.Entry<String, List<Tensor>> value : values.entrySet()) {
            Tensor tensor = value.getValue().get(0);
            if (initializers.contains(value.getKey())) {
                graph.addInitializer(TrialTensors.proto(value.getKey(), tensor));
                continue;
            }
            TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder()
                    .setElemType(
                            TensorProto.DataType.valueOf(tensor.type().name()).getNumber());
            int ranks = (int) value.getValue().stream()
                    .map(each -> each.shape().rank())
                    .distinct()
                    .count();
            long shapes =
                    value.getValue().stream().map(Tensor::shape).distinct().count();
            if (declared < 2 && shapes == 1) {
                TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
                for (long dimension : tensor.shape().toArray()) {
                    shape.addDimBuilder().setDimValue(dimension);
                }
                type.setShape(shape);
            } else if (declared < 5 && ranks == 1) {
                TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
                for (int i = 0; i < tensor.shape().rank(); i++) {
                    shape.addDimBuilder().setDimParam(value.getKey() + "d" + i);
                }
                type.setShape(shape);
            }
            graph.addInput(ValueInfoProto.newBuilder()
                    .setName(value.getKey())
                    .setType(TypeProto.newBuilder().setTensorType(type)));
        }
        for (int i = 0; i < seed.outputs().size(); i++) {
            if (seed.outputs().get(i) != OperatorSeed.MISSING) {
                graph.addOutput(ValueInfoProto.newBuilder()
                        .setName("y" + i)
                        .setType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder()
                                        .setElemType(type(seed.outputs().get(i))))));
            }
        }
    }

    /** What it tries, in one line. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (NodeProto node : graph.getNodeList()) {
            text.append(node.getDomain().isEmpty() ? "" : node.getDomain() + ":")
                    .append(node.getOpType());
        }
        text.append('@').append(seed.nodes().get(seed.nodes().size() - 1).opset());
        for (AttributeProto attribute : graph.getNode(graph.getNodeCount() - 1).getAttributeList()) {
            text.append(' ').append(attribute.getName()).append('=').append(valueOf(attribute));
        }
        values.forEach((name, tensors) -> {
            text.append(initializers.contains(name) ? " const " : " ").append(name);
            Set<String> different = new LinkedHashSet<>();
            tensors.forEach(tensor -> different.add(tensor.type()
                    + Arrays.toString(tensor.shape().toArray())
                    + (tensor.elementCount() <= 8 ? few(tensor) : "")));
            text.append(different);
        });
        graph.getInputList()
                .forEach(input -> text.append(
                        input.getType().getTensorType().hasShape() ? "" : " norank(" + input.getName() + ")"));
        return text.toString();
    }

    private static String valueOf(AttributeProto attribute) {
        return switch (attribute.getType()) {
            case INT -> Long.toString(attribute.getI());
            case INTS -> attribute.getIntsList().toString();
            case STRING -> attribute.getS().toStringUtf8();
            case FLOAT -> Float.toString(attribute.getF());
            default -> "...";
        };
    }

    private static String few(Tensor tensor) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < tensor.elementCount(); i++) {
            texts.add(
                    switch (tensor.type()) {
                        case STRING -> tensor.stringAt(i);
                        case INT64 -> Long.toString(tensor.toLongArray()[i]);
                        case FLOAT16, BFLOAT16, BOOL -> "?";
                        default -> Double.toString(tensor.doubleAt(i));
                    });
        }
        return texts.toString();
    }
}
