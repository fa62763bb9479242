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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of one input of a node, where they are constant or come with a request as they are. Small tensors that
 * hold sizes and the like; makes no objects when it is read.
 */
final class NodeValues {

    static final NodeValues UNKNOWN = new NodeValues(null, null, List.of());

    /** Operators whose output has the elements of their first input in the same order. */
    private static final Set<String> KEEP_VALUES =
            Set.of("Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Flatten");

    private final @Nullable String request;
    private final @Nullable TensorValues constant;
    private final List<Long> constantShape;

    private NodeValues(@Nullable String request, @Nullable TensorValues constant, List<Long> constantShape) {
        this.request = request;
        this.constant = constant;
        this.constantShape = constantShape;
    }

    static NodeValues of(Scope scope, String value, ShapeSources sources) {
        String name = value;
        for (int steps = 0; steps < 16 && !name.isEmpty(); steps++) {
            Optional<TensorInfo> constant = scope.constant(name);
            if (constant.isPresent()) {
                return new NodeValues(
                        null,
                        constant.get().values().orElse(null),
                        constant.get().dimensions());
            }
            if (sources.isRequestInput(scope, name)) {
                return new NodeValues(name, null, List.of());
            }
            Optional<Node> producer = scope.producer(name);
            if (producer.isEmpty()
                    || !producer.get().domain().isEmpty()
                    || !KEEP_VALUES.contains(producer.get().operator())) {
                return UNKNOWN;
            }
            name = producer.get().input(0);
        }
        return UNKNOWN;
    }

    /** The input of the model that has these values, or null. */
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
        if (constant != null) {
            return constant.count();
        }
        Tensor tensor = tensor(inputs);
        return tensor == null ? -1 : tensor.elementCount();
    }

    /** The element type in the request; UNDEFINED for a constant, or if it is not known. */
    ElementType type(NamedValues inputs) {
        Tensor tensor = tensor(inputs);
        return tensor == null
                ? ElementType.UNDEFINED
                : switch (tensor.type()) {
                    case INT64 -> ElementType.INT64;
                    case INT32 -> ElementType.INT32;
                    case INT16 -> ElementType.INT16;
                    case INT8 -> ElementType.INT8;
                    default -> ElementType.UNDEFINED;
                };
    }

    /** One of the values that are known. */
    double at(NamedValues inputs, int index) {
        if (constant != null) {
            return constant.doubleAt(index);
        }
        Tensor tensor = tensor(inputs);
        if (tensor == null) {
            return 0;
        }
        return tensor.type().isFloating() ? tensor.doubleAt(index) : tensor.longAt(index);
    }

    /** Whether one of the values is this integer. */
    boolean contains(NamedValues inputs, long value) {
        if (constant != null) {
            long[] integers = constant.integers();
            for (long integer : integers) {
                if (integer == value) {
                    return true;
                }
            }
            return false;
        }
        Tensor tensor = tensor(inputs);
        if (tensor == null || tensor.type().isFloating() || tensor.type() == DataType.BOOL) {
            return false;
        }
        for (int i = 0, count = tensor.elementCount(); i < count; i++) {
            if (tensor.longAt(i) == value) {
                return true;
            }
        }
        return false;
    }

    /** The number of dimensions of the tensor itself; -1 if it is not known. */
    int rank(NamedValues inputs) {
        Shape shape = request == null ? null : NodeShapes.shape(inputs, request);
        return shape != null ? shape.rank() : constant != null ? constantShape.size() : -1;
    }
}
