package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A random chain of operators from {@code x}: FLOAT [n, 2, 6] to {@code y}: some reshape, reduce, select or multiply along
 * an axis that may be the first one.
 */
final class RandomRowGraph {

    /** Stands for the number of rows while shapes are followed; no other dimension is a multiple of it. */
    static final long ROWS = 7;

    static final long[] ROW = {1, 2, 6};

    private final SplittableRandom random;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("random");
    private final List<Value> values = new ArrayList<>();
    private int names;

    @SuppressWarnings("ArrayRecordComponent") // values are never compared
    private record Value(String name, long[] shape) {
        int rank() {
            return shape.length;
        }
    }

    RandomRowGraph(long seed) {
        this.random = new SplittableRandom(seed);
    }

    ModelProto build() {
        graph.addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 2, 6));
        values.add(new Value("x", new long[] {ROWS, 2, 6}));
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            addOperator();
        }
        Value last = values.get(values.size() - 1);
        node("Identity", "y", List.of(last.name()));
        Object[] dimensions =
                IntStream.range(0, last.rank()).mapToObj(i -> "d" + i).toArray();
        graph.addOutput(TestModels.tensor("y", TestModels.FLOAT, dimensions));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    private void addOperator() {
        Value value = values.get(random.nextInt(4) > 0 ? values.size() - 1 : random.nextInt(values.size()));
        if (value.rank() == 0) {
            unary(value);
            return;
        }
        switch (random.nextInt(27)) {
            case 0 -> unary(value);
            case 1 -> along("Softmax", value);
            case 2 -> reduce(value);
            case 3, 4 -> transpose(value);
            case 5 -> reshape(value);
            case 6, 7 -> reshapeByShape(value);
            case 8 -> concat(value);
            case 9 -> slice(value);
            case 10 -> gather(value);
            case 11 -> unsqueeze(value);
            case 12 -> flatten(value);
            case 13 -> product(value);
            case 14 -> squared(value);
            case 15 -> addConstant(value);
            case 16 -> addOther(value);
            case 17 -> cumulate(value);
            case 18 -> topK(value);
            case 19 -> argument(value);
            case 20 -> expand(value);
            case 21 -> timesRows(value);
            case 22 -> pad(value);
            case 23 -> layerNormalization(value);
            case 24 -> recurrent(value);
            case 25 -> split(value);
            default -> convolution(value);
        }
    }

    private String name() {
        return "v" + names++;
    }

    private void node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes)));
    }

    private void add(long[] shape, String operator, List<String> inputs, AttributeProto... attributes) {
        String name = name();
        node(operator, name, inputs, attributes);
        values.add(new Value(name, shape));
    }

    private int axis(Value value) {
        return random.nextInt(value.rank());
    }

    private String integers(long... numbers) {
        String name = name();
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(numbers.length);
        Arrays.stream(numbers).forEach(tensor::addInt64Data);
        graph.addInitializer(tensor);
        return name;
    }

    private String floats(long... shape) {
        String name = name();
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(TestModels.FLOAT);
        long count = 1;
        for (long size : shape) {
            tensor.addDims(size);
            count *= size;
        }
        for (long i = 0; i < count; i++) {
            tensor.addFloatData((random.nextInt(17) - 8) / 8f);
        }
        graph.addInitializer(tensor);
        return name;
    }

    private static AttributeProto integersAttribute(String name, long... numbers) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(numbers).forEach(attribute::addInts);
        return attribute.build();
    }

    private static long[] with(long[] shape, int axis, long size) {
        long[] changed = shape.clone();
        changed[axis] = size;
        return changed;
    }

    private static long[] without(long[] shape, int axis) {
        return IntStream.range(0, shape.length)
                .filter(i -> i != axis)
                .mapToLong(i -> shape[i])
                .toArray();
    }

    private static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, (one, other) -> one * other);
    }

    private void unary(Value value) {
        List<String> operators = List.of("Relu", "Tanh", "Neg", "Sigmoid", "Abs");
        add(value.shape(), operators.get(random.nextInt(operators.size())), List.of(value.name()));
    }

    private void along(String operator, Value value) {
        add(value.shape(), operator, List.of(value.name()), TestModels.integer("axis", axis(value)));
    }

    private void reduce(Value value) {
        int axis = axis(value);
        boolean keep = random.nextBoolean();
        add(
                keep ? with(value.shape(), axis, 1) : without(value.shape(), axis),
                random.nextBoolean() ? "ReduceMean" : "ReduceMax",
                List.of(value.name()),
                integersAttribute("axes", random.nextBoolean() ? axis : axis - value.rank()),
                TestModels.integer("keepdims", keep ? 1 : 0));
    }

    private void transpose(Value value) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, value.rank()).boxed().toList());
        Collections.shuffle(order, new Random(random.nextLong()));
        add(
                order.stream().mapToLong(i -> value.shape()[i]).toArray(),
                "Transpose",
                List.of(value.name()),
                integersAttribute("perm", order.stream().mapToLong(i -> i).toArray()));
    }

    /** To constant sizes, with -1 or 0 for the first one. */
    private void reshape(Value value) {
        long count = elements(value.shape());
        long[] sizes = {1, 2, 3, 4, 6, 12};
        long last = sizes[random.nextInt(sizes.length)];
        if (count % last != 0) {
            return;
        }
        if (random.nextBoolean() && count % value.shape()[0] == 0) {
            add(
                    new long[] {value.shape()[0], count / value.shape()[0]},
                    "Reshape",
                    List.of(value.name(), integers(0, -1)));
        } else {
            add(new long[] {count / last, last}, "Reshape", List.of(value.name(), integers(-1, last)));
        }
    }

    /** As exporters do: sizes taken from a Shape, put together, with -1 somewhere. */
    private void reshapeByShape(Value value) {
        int axis = axis(value);
        String shape = name();
        node("Shape", shape, List.of(value.name()));
        String size = name();
        node("Gather", size, List.of(shape, integers(axis)));
        String target = name();
        boolean first = random.nextInt(3) > 0;
        String rest = integers(-1);
        node("Concat", target, first ? List.of(size, rest) : List.of(rest, size), TestModels.integer("axis", 0));
        long own = value.shape()[axis];
        long other = elements(value.shape()) / own;
        add(first ? new long[] {own, other} : new long[] {other, own}, "Reshape", List.of(value.name(), target));
    }

    private void concat(Value value) {
        int axis = axis(value);
        add(
                with(value.shape(), axis, 2 * value.shape()[axis]),
                "Concat",
                List.of(value.name(), value.name()),
                TestModels.integer("axis", axis));
    }

    private void slice(Value value) {
        int axis = axis(value);
        boolean all = random.nextInt(3) == 0;
        add(
                all ? value.shape() : with(value.shape(), axis, 1),
                "Slice",
                List.of(value.name(), integers(0), integers(all ? Long.MAX_VALUE : 1), integers(axis)));
    }

    private void gather(Value value) {
        int axis = axis(value);
        add(
                with(value.shape(), axis, 2),
                "Gather",
                List.of(value.name(), integers(0, 0)),
                TestModels.integer("axis", axis));
    }

    private void unsqueeze(Value value) {
        if (value.rank() > 4) {
            return;
        }
        int axis = random.nextInt(value.rank() + 1);
        long[] shape = new long[value.rank() + 1];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = i == axis ? 1 : value.shape()[i < axis ? i : i - 1];
        }
        add(shape, "Unsqueeze", List.of(value.name(), integers(axis)));
    }

    private void flatten(Value value) {
        int axis = random.nextInt(value.rank() + 1);
        long before = elements(Arrays.copyOf(value.shape(), axis));
        add(
                new long[] {before, elements(value.shape()) / before},
                "Flatten",
                List.of(value.name()),
                TestModels.integer("axis", axis));
    }

    private void product(Value value) {
        long last = value.shape()[value.rank() - 1];
        if (value.rank() < 2 || last % ROWS == 0) {
            return;
        }
        add(with(value.shape(), value.rank() - 1, 3), "MatMul", List.of(value.name(), floats(last, 3)));
    }

    /** A matrix times itself, transposed: over whatever its last axes are. */
    private void squared(Value value) {
        if (value.rank() < 2) {
            return;
        }
        int[] order = IntStream.range(0, value.rank()).toArray();
        order[value.rank() - 1] = value.rank() - 2;
        order[value.rank() - 2] = value.rank() - 1;
        String transposed = name();
        node(
                "Transpose",
                transposed,
                List.of(value.name()),
                integersAttribute("perm", Arrays.stream(order).asLongStream().toArray()));
        add(
                with(value.shape(), value.rank() - 1, value.shape()[value.rank() - 2]),
                "MatMul",
                List.of(value.name(), transposed));
    }

    private void addConstant(Value value) {
        long[] shape = Arrays.stream(value.shape())
                .map(size -> size % ROWS == 0 || random.nextBoolean() ? 1 : size)
                .toArray();
        add(value.shape(), "Add", List.of(value.name(), floats(shape)));
    }

    private void addOther(Value value) {
        Value other = values.get(random.nextInt(values.size()));
        int rank = Math.max(value.rank(), other.rank());
        long[] shape = new long[rank];
        for (int i = 1; i <= rank; i++) {
            long one = i <= value.rank() ? value.shape()[value.rank() - i] : 1;
            long two = i <= other.rank() ? other.shape()[other.rank() - i] : 1;
            if (one != two && one != 1 && two != 1) {
                return;
            }
            shape[rank - i] = Math.max(one, two);
        }
        add(shape, random.nextBoolean() ? "Add" : "Mul", List.of(value.name(), other.name()));
    }

    private void cumulate(Value value) {
        add(value.shape(), "CumSum", List.of(value.name(), integers(axis(value))));
    }

    private void topK(Value value) {
        int axis = axis(value);
        add(with(value.shape(), axis, 1), "TopK", List.of(value.name(), integers(1)), TestModels.integer("axis", axis));
    }

    private void argument(Value value) {
        int axis = axis(value);
        String place = name();
        node("ArgMax", place, List.of(value.name()), TestModels.integer("axis", axis));
        add(with(value.shape(), axis, 1), "Cast", List.of(place), TestModels.integer("to", TestModels.FLOAT));
    }

    /** A constant for each row: its shape is that of a value. */
    private void expand(Value value) {
        String shape = name();
        node("Shape", shape, List.of(value.name()));
        add(value.shape(), "Expand", List.of(floats(1), shape));
        add(
                value.shape(),
                "Add",
                List.of(value.name(), values.get(values.size() - 1).name()));
    }

    private void timesRows(Value value) {
        String shape = name();
        node("Shape", shape, List.of(value.name()));
        String size = name();
        node("Gather", size, List.of(shape, integers(axis(value))));
        String factor = name();
        node("Cast", factor, List.of(size), TestModels.integer("to", TestModels.FLOAT));
        add(value.shape(), "Mul", List.of(value.name(), factor));
    }

    private void pad(Value value) {
        int axis = axis(value);
        long[] pads = new long[2 * value.rank()];
        pads[axis] = 1;
        add(with(value.shape(), axis, value.shape()[axis] + 1), "Pad", List.of(value.name(), integers(pads)));
    }

    private void layerNormalization(Value value) {
        int axis = axis(value);
        add(value.shape(), "LayerNormalization", List.of(value.name(), floats(1)), TestModels.integer("axis", axis));
    }

    private void recurrent(Value value) {
        if (value.rank() != 3 || value.shape()[2] % ROWS == 0) {
            return;
        }
        // ONNX Runtime has layout 0 only.
        String all = name();
        node(
                "GRU",
                all,
                List.of(value.name(), floats(1, 9, value.shape()[2]), floats(1, 9, 3)),
                TestModels.integer("hidden_size", 3));
        values.add(new Value(all, new long[] {value.shape()[0], 1, value.shape()[1], 3}));
    }

    private void split(Value value) {
        int axis = axis(value);
        if (value.shape()[axis] % 2 != 0) {
            return;
        }
        String one = name();
        String two = name();
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Split")
                .setName(one)
                .addInput(value.name())
                .addOutput(one)
                .addOutput(two)
                .addAttribute(TestModels.integer("axis", axis)));
        values.add(new Value(one, with(value.shape(), axis, value.shape()[axis] / 2)));
        values.add(new Value(two, with(value.shape(), axis, value.shape()[axis] / 2)));
    }

    private void convolution(Value value) {
        if (value.rank() != 3 || value.shape()[1] % ROWS == 0) {
            return;
        }
        add(
                new long[] {value.shape()[0], 2, value.shape()[2]},
                "Conv",
                List.of(value.name(), floats(2, value.shape()[1], 3)),
                integersAttribute("pads", 1, 1));
    }
}
