package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of a dividend or divisor may come from: inputs of the model and constants whose elements are moved
 * about, or pass through arithmetic.
 */
final class OperandFeeds {

    /** Inputs of operators whose elements come out again; of an operator that is not named here, any may. */
    private static final Map<String, List<Integer>> DATA = Map.ofEntries(
            Map.entry("Gather", List.of(0)),
            Map.entry("GatherElements", List.of(0)),
            Map.entry("GatherND", List.of(0)),
            Map.entry("Transpose", List.of(0)),
            Map.entry("Slice", List.of(0)),
            Map.entry("Expand", List.of(0)),
            Map.entry("Tile", List.of(0)),
            Map.entry("Pad", List.of(0, 2)),
            Map.entry("Split", List.of(0)),
            Map.entry("Reshape", List.of(0)),
            Map.entry("Squeeze", List.of(0)),
            Map.entry("Unsqueeze", List.of(0)),
            Map.entry("Flatten", List.of(0)),
            Map.entry("Identity", List.of(0)),
            Map.entry("Cast", List.of(0)),
            Map.entry("CastLike", List.of(0)),
            Map.entry("Abs", List.of(0)),
            Map.entry("Neg", List.of(0)),
            Map.entry("Sign", List.of(0)),
            Map.entry("Where", List.of(1, 2)),
            Map.entry("ScatterND", List.of(0, 2)),
            Map.entry("ScatterElements", List.of(0, 2)),
            Map.entry("Compress", List.of(0)),
            Map.entry("Trilu", List.of(0)),
            Map.entry("TopK", List.of(0)),
            Map.entry("ReverseSequence", List.of(0)),
            Map.entry("OneHot", List.of(2)),
            Map.entry("Clip", List.of(0, 1, 2)),
            Map.entry("SequenceAt", List.of(0)),
            Map.entry("SequenceInsert", List.of(0, 1)),
            Map.entry("SplitToSequence", List.of(0)),
            Map.entry("ConcatFromSequence", List.of(0)));

    /** Operators of which all inputs are data. */
    private static final Set<String> ALL_DATA = Set.of(
            "Concat", "Max", "Min", "ReduceMax", "ReduceMin", "SequenceConstruct", "Unique", "Loop", "Scan", "If");

    /** Operators that only make numbers from 0 on. */
    private static final Set<String> COUNTS =
            Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression", "SequenceLength");

    /** The numbers that are looked for. */
    enum Wanted {
        LEAST,
        MINUS_ONE
    }

    private final Wanted wanted;
    private final boolean always;
    private final Feed[] feeds;

    /** How a value gets to the operand. */
    private record Way(boolean narrowed, boolean negated, boolean signOnly, boolean moved) {

        Way through(Node node, boolean data) {
            boolean toInt32 = (node.is("Cast") && ElementType.of(node.integer("to", 0)) == ElementType.INT32)
                    || node.is("CastLike");
            return new Way(narrowed || toInt32, negated || node.is("Neg"), signOnly || node.is("Sign"), moved && data);
        }
    }

    private record Feed(String input, Way way) {}

    private record Place(Origins.Value value, Way way) {}

    private OperandFeeds(Wanted wanted, boolean always, Set<Feed> feeds) {
        this.wanted = wanted;
        this.always = always;
        this.feeds = feeds.toArray(Feed[]::new);
    }

    static OperandFeeds of(Origins origins, Scope scope, String name, Wanted wanted) {
        boolean always = false;
        Set<Feed> feeds = new LinkedHashSet<>();
        Set<Place> seen = new HashSet<>();
        Deque<Place> waiting = new ArrayDeque<>();
        Way direct = new Way(false, false, false, true);
        origins.values(scope, List.of(name)).forEach(value -> waiting.add(new Place(value, direct)));
        while (!waiting.isEmpty()) {
            Place place = waiting.remove();
            if (!seen.add(place)) {
                continue;
            }
            Origins.Value value = place.value();
            Node node = value.producer().orElse(null);
            TensorInfo constant = value.constant().orElse(null);
            if (constant != null) {
                always |= mayHave(constant, place.way(), wanted);
            } else if (origins.isRequestInput(value)) {
                ElementType type = origins.type(value.scope(), value.name());
                if (mayFeed(type, place.way())) {
                    feeds.add(new Feed(value.name(), place.way()));
                }
            } else if (node == null) {
                origins.arguments(value).forEach(argument -> waiting.add(new Place(argument, place.way())));
            } else if (!COUNTS.contains(node.operator())) {
                boolean data = node.domain().isEmpty()
                        && (DATA.containsKey(node.operator()) || ALL_DATA.contains(node.operator()));
                always |= !data && wanted == Wanted.MINUS_ONE;
                Way way = place.way().through(node, data);
                origins.values(value.scope(), data(node)).forEach(next -> waiting.add(new Place(next, way)));
                node.subgraphs()
                        .forEach(graph -> origins.results(value.scope().inner(graph))
                                .forEach(result -> waiting.add(new Place(result, way))));
            }
            if (seen.size() > Origins.MOST_STEPS) {
                return new OperandFeeds(wanted, wanted == Wanted.MINUS_ONE, feeds);
            }
        }
        return new OperandFeeds(wanted, always, feeds);
    }

    private static List<String> data(Node node) {
        List<Integer> data = node.domain().isEmpty() ? DATA.get(node.operator()) : null;
        return data == null ? node.inputs() : data.stream().map(node::input).toList();
    }

    /** Floating point numbers count only where nothing is computed with them: they are many, and any may be large. */
    private static boolean mayFeed(ElementType type, Way way) {
        return switch (type) {
            case BOOL, STRING, COMPLEX64, COMPLEX128 -> false;
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> way.moved();
            default -> true;
        };
    }

    private static boolean mayHave(TensorInfo constant, Way way, Wanted wanted) {
        ElementType type = constant.type();
        if (type == ElementType.BOOL || type == ElementType.STRING || constant.elementCount() == 0) {
            return false;
        }
        if (constant.values().isEmpty()) {
            return wanted == Wanted.MINUS_ONE;
        }
        TensorValues values = constant.values().get();
        for (int i = 0; i < values.count(); i++) {
            if (type.isInteger()
                    ? matches(values.longAt(i), type.bits() == Long.SIZE, way, wanted)
                    : matches(values.doubleAt(i), way, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** A number out of the range of integers may become any. */
    private static boolean matches(double value, Way way, Wanted wanted) {
        double range = way.narrowed() ? -(double) Integer.MIN_VALUE : -(double) Long.MIN_VALUE;
        boolean inRange = value > -range && value < range;
        return inRange ? matches((long) value, true, way, wanted) : wanted == Wanted.LEAST || way.signOnly();
    }

    private static boolean matches(long value, boolean wide, Way way, Wanted wanted) {
        int low = (int) value;
        if (wanted == Wanted.LEAST) {
            return value == (wide ? Long.MIN_VALUE : Integer.MIN_VALUE) || way.narrowed() && low == Integer.MIN_VALUE;
        }
        return value == -1
                || way.narrowed() && low == -1
                || way.negated() && (value == 1 || way.narrowed() && low == 1)
                || way.signOnly() && value < 0;
    }

    /** Returns whether no request can bring what is looked for. */
    boolean isNever() {
        return !always && feeds.length == 0;
    }

    boolean dependsOnRequest() {
        return feeds.length > 0;
    }

    /** Returns whether what is looked for may come out whatever a request brings. */
    boolean isAlways() {
        return always;
    }

    /** Returns the input of the model that has such a number, or null. */
    @Nullable
    String find(NamedValues inputs) {
        for (Feed feed : feeds) {
            for (int i = 0; i < inputs.size(); i++) {
                if (inputs.name(i).equals(feed.input()) && matches(inputs.value(i), feed.way())) {
                    return feed.input();
                }
            }
        }
        return null;
    }

    private boolean matches(Value value, Way way) {
        if (value instanceof SequenceValue sequence) {
            List<Value> elements = sequence.elements();
            for (int i = 0; i < elements.size(); i++) {
                if (matches(elements.get(i), way)) {
                    return true;
                }
            }
        }
        return value instanceof Tensor tensor && matches(tensor, way);
    }

    private boolean matches(Tensor tensor, Way way) {
        if (tensor.type() == DataType.STRING || tensor.type() == DataType.BOOL) {
            return false;
        }
        boolean floating = tensor.type().isFloating();
        boolean wide = tensor.type().sizeBytes() == Long.BYTES;
        for (int i = 0, count = tensor.elementCount(); i < count; i++) {
            if (floating ? matches(tensor.doubleAt(i), way, wanted) : matches(tensor.longAt(i), wide, way, wanted)) {
                return true;
            }
        }
        return false;
    }
}
