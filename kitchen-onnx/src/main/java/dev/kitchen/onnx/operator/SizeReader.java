package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds how a graph computes a few numbers, such as sizes, of a request. */
final class SizeReader {

    /** The most parts of which one is made; what has more is not known. */
    private static final int MOST_PARTS = 64;

    private final ShapeSources sources;
    private int parts;

    private SizeReader(ShapeSources sources) {
        this.sources = sources;
    }

    /** Returns what a value is computed of, if that is known, and numbers of a request are part of it. */
    static @Nullable SizeExpression of(Scope scope, String name, ShapeSources sources) {
        SizeExpression expression = new SizeReader(sources).read(scope, name);
        return expression == null || expression.request() == null ? null : expression;
    }

    private @Nullable SizeExpression read(Scope scope, String name) {
        parts++;
        if (name.isEmpty() || parts > MOST_PARTS) {
            return null;
        }
        NodeValues values = NodeValues.direct(scope, name, sources);
        if (!values.isUnknown()) {
            return new SizeExpression.Leaf(values);
        }
        Node node = scope.producer(name).orElse(null);
        return node == null || !node.domain().isEmpty() || scope.owner(name).isEmpty()
                ? null
                : read(scope.owner(name).get(), node);
    }

    private @Nullable SizeExpression read(Scope scope, Node node) {
        return switch (node.operator()) {
            case "Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Flatten" -> read(scope, node.input(0));
            case "Shape" -> node.attributes().isEmpty() ? dimensions(scope, node) : null;
            case "Concat" -> join(scope, node);
            case "Gather" -> pick(read(scope, node.input(0)), few(scope, node.input(1)));
            case "Slice" -> slice(scope, node);
            case "Add", "Sub", "Mul", "Div" ->
                combine(node.operator().charAt(0), read(scope, node.input(0)), read(scope, node.input(1)));
            default -> null;
        };
    }

    private @Nullable SizeExpression dimensions(Scope scope, Node node) {
        ShapeSource source = sources.of(scope, node.input(0));
        return source.request() == null ? null : new SizeExpression.Dimensions(source.request());
    }

    private @Nullable SizeExpression join(Scope scope, Node node) {
        List<SizeExpression> joined = new ArrayList<>();
        for (String input : node.inputs()) {
            SizeExpression part = read(scope, input);
            if (part == null) {
                return null;
            }
            joined.add(part);
        }
        return new SizeExpression.Joined(List.copyOf(joined));
    }

    private static @Nullable SizeExpression pick(@Nullable SizeExpression of, @Nullable TensorValues positions) {
        return of == null || positions == null ? null : new SizeExpression.Picked(of, positions);
    }

    /** Starts, ends and steps, in newer versions as inputs, which follow each other with the axes between. */
    private @Nullable SizeExpression slice(Scope scope, Node node) {
        TensorValues starts = few(scope, node.input(1));
        TensorValues ends = few(scope, node.input(2));
        TensorValues steps = node.input(4).isEmpty() ? TensorValues.ofIntegers(1) : few(scope, node.input(4));
        SizeExpression of = read(scope, node.input(0));
        return of != null
                        && starts != null
                        && ends != null
                        && steps != null
                        && starts.count() == 1
                        && ends.count() == 1
                        && steps.count() == 1
                        && steps.longAt(0) == 1
                ? new SizeExpression.Sliced(of, starts.longAt(0), ends.longAt(0))
                : null;
    }

    private static @Nullable SizeExpression combine(
            char operator, @Nullable SizeExpression left, @Nullable SizeExpression right) {
        return left == null || right == null ? null : new SizeExpression.Combined(operator, left, right);
    }

    private static @Nullable TensorValues few(Scope scope, String name) {
        return scope.constant(name)
                .flatMap(TensorInfo::values)
                .filter(values -> values.count() <= SizeExpression.MOST_NUMBERS)
                .orElse(null);
    }
}
