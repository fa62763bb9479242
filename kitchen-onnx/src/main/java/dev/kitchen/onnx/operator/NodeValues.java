package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of one input of a node, where they are constant, come with a request as they are, or are a few that are
 * computed of such. Small tensors that hold sizes and the like; makes no objects when it is read.
 */
final class NodeValues {

    static final NodeValues UNKNOWN = new NodeValues(null, null, ElementType.UNDEFINED, true, null);

    /** Operators whose output has the elements of their first input in the same order. */
    private static final Set<String> KEEP_VALUES =
            Set.of("Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Flatten");

    private static final int MOST_STEPS = 16;

    private final @Nullable String request;
    private final @Nullable TensorInfo constant;
    private final @Nullable TensorValues constantValues;
    private final ElementType castTo;
    private final boolean reshaped;
    private final @Nullable SizeExpression computed;

    private NodeValues(
            @Nullable String request,
            @Nullable TensorInfo constant,
            ElementType castTo,
            boolean reshaped,
            @Nullable SizeExpression computed) {
        this.request = request;
        this.constant = constant;
        this.constantValues = constant == null ? null : constant.values().orElse(null);
        this.castTo = castTo;
        this.reshaped = reshaped;
        this.computed = computed;
    }

    /** The values of an input, also where they are computed of a few numbers. */
    static NodeValues of(Scope scope, String value, ShapeSources sources) {
        NodeValues direct = direct(scope, value, sources);
        SizeExpression computed = direct.isUnknown() ? SizeReader.of(scope, value, sources) : null;
        return computed == null
                ? direct
                : new NodeValues(computed.request(), null, ElementType.UNDEFINED, true, computed);
    }

    /** The values of an input where nothing is computed. */
    static NodeValues direct(Scope scope, String value, ShapeSources sources) {
        String name = value;
        ElementType castTo = ElementType.UNDEFINED;
        boolean reshaped = false;
        for (int steps = 0; steps < MOST_STEPS && !name.isEmpty(); steps++) {
            Optional<TensorInfo> constant = scope.constant(name);
            if (constant.isPresent()) {
                return new NodeValues(null, constant.get(), castTo, reshaped, null);
            }
            if (sources.isRequestInput(scope, name)) {
                return new NodeValues(name, null, castTo, reshaped, null);
            }
            Node node = scope.producer(name).orElse(null);
            if (node == null || !node.domain().isEmpty() || !KEEP_VALUES.contains(node.operator())) {
                return UNKNOWN;
            }
            boolean cast = node.is("Cast");
            if (cast && castTo == ElementType.UNDEFINED) {
                castTo = ElementType.of(node.integer("to", 0));
            }
            reshaped |= !cast && !node.is("Identity");
            name = node.input(0);
        }
        return UNKNOWN;
    }

    /** The input of the model that has these values, or the first of which they are computed, or null. */
    @Nullable
    String request() {
        return request;
    }

    boolean isUnknown() {
        return request == null && constant == null;
    }

    private @Nullable Tensor tensor(NamedValues inputs) {
        if (request != null) {
            for (int i = 0; i < inputs.size(); i++) {
                if (inputs.name(i).equals(request)) {
                    return inputs.value(i) instanceof Tensor tensor && tensor.type() != DataType.STRING ? tensor : null;
                }
            }
        }
        return null;
    }

    /** The number of values; -1 if they are not known. */
    int count(NamedValues inputs) {
        if (computed != null) {
            return computed.count(inputs);
        }
        if (constantValues != null) {
            return constantValues.count();
        }
        Tensor tensor = tensor(inputs);
        return tensor == null ? -1 : tensor.elementCount();
    }

    /** The element type that the node gets; UNDEFINED if it is not known. */
    ElementType type(NamedValues inputs) {
        if (castTo != ElementType.UNDEFINED) {
            return castTo;
        }
        if (constant != null) {
            return constant.type();
        }
        Tensor tensor = tensor(inputs);
        return tensor == null
                ? ElementType.UNDEFINED
                : switch (tensor.type()) {
                    case INT64 -> ElementType.INT64;
                    case INT32 -> ElementType.INT32;
                    default -> ElementType.UNDEFINED;
                };
    }

    /** One of the values that are known. */
    double at(NamedValues inputs, int index) {
        if (computed != null) {
            return computed.at(inputs, index);
        }
        if (constantValues != null) {
            return constantValues.doubleAt(index);
        }
        Tensor tensor = tensor(inputs);
        if (tensor == null) {
            return 0;
        }
        return tensor.type().isFloating() ? tensor.doubleAt(index) : tensor.longAt(index);
    }

    /** Whether one of the values may be this integer of the type that the node gets. */
    boolean mayContain(NamedValues inputs, long value, ElementType type) {
        int count = count(inputs);
        for (int i = 0; i < count; i++) {
            if (mayBe(inputs, i, value, type)) {
                return true;
            }
        }
        return constant != null && constantValues == null;
    }

    /**
     * Whether a value may be this integer, which is not 0 or 1, of the type that the node gets; a floating point number
     * out of range may become any.
     */
    boolean mayBe(NamedValues inputs, int index, long value, ElementType type) {
        if (isFloating(inputs)) {
            double number = at(inputs, index);
            double range = type == ElementType.INT32 ? -(double) Integer.MIN_VALUE : -(double) Long.MIN_VALUE;
            boolean inRange = number > -range && number < range;
            return inRange ? (long) number == value : true;
        }
        long integer = longAt(inputs, index);
        return (type == ElementType.INT32 ? (int) integer : integer) == value;
    }

    private boolean isFloating(NamedValues inputs) {
        if (constant != null) {
            return !constant.type().isInteger() && constant.type() != ElementType.BOOL;
        }
        Tensor tensor = tensor(inputs);
        return tensor != null && tensor.type().isFloating();
    }

    private long longAt(NamedValues inputs, int index) {
        if (constantValues != null) {
            return constantValues.longAt(index);
        }
        Tensor tensor = tensor(inputs);
        return tensor == null || tensor.type() == DataType.BOOL ? 0 : tensor.longAt(index);
    }

    /** The number of dimensions of the tensor itself; -1 if it is not known. */
    int rank(NamedValues inputs) {
        Shape shape = request == null ? null : NodeShapes.shape(inputs, request);
        return shape != null
                ? shape.rank()
                : constantValues != null && constant != null
                        ? constant.dimensions().size()
                        : -1;
    }

    /** The shape that the node gets and whose values are known, or null. */
    long @Nullable [] shape(NamedValues inputs) {
        if (reshaped) {
            return null;
        }
        if (constantValues != null && constant != null) {
            return constant.dimensions().stream().mapToLong(Long::longValue).toArray();
        }
        Shape shape = request == null ? null : NodeShapes.shape(inputs, request);
        return shape == null ? null : shape.toArray();
    }
}
