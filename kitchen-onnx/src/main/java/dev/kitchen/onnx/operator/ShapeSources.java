package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.ValueInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows values of a graph back to the model's inputs. */
final class ShapeSources {

    /** Operators whose output has the shape of their first input. */
    static final Set<String> KEEP_SHAPE = Set.of(
            "Abs",
            "Cast",
            "Ceil",
            "Clip",
            "Elu",
            "Erf",
            "Exp",
            "Floor",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "LeakyRelu",
            "Log",
            "LogSoftmax",
            "Neg",
            "Not",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Sigmoid",
            "Sign",
            "Softmax",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Tanh",
            "ThresholdedRelu",
            "QuantizeLinear",
            "DequantizeLinear");

    private final Scope main;
    private final Set<String> requestInputs;
    private final boolean declared;

    private ShapeSources(Scope main, Set<String> requestInputs, boolean declared) {
        this.main = main;
        this.requestInputs = requestInputs;
        this.declared = declared;
    }

    /** The shapes that come with requests. */
    static ShapeSources ofRequests(Scope main, Set<String> requestInputs) {
        return new ShapeSources(main, requestInputs, false);
    }

    /** The shapes that the model declares of its inputs, before there is a request. */
    static ShapeSources ofDeclarations(Scope main, Set<String> requestInputs) {
        return new ShapeSources(main, requestInputs, true);
    }

    /** Returns where the shapes of a node's inputs come from. */
    List<ShapeSource> ofInputs(Scope scope, Node node) {
        List<String> inputs = node.is("ConcatFromSequence") ? SequenceElements.of(scope, node.input(0)) : node.inputs();
        return inputs.stream()
                .map(name -> name.isEmpty() ? ShapeSource.UNKNOWN : of(scope, name))
                .toList();
    }

    /** Returns where the shape of the value comes from. */
    ShapeSource of(Scope scope, String value) {
        String name = value;
        for (int steps = 0; steps < 64; steps++) {
            Optional<Scope> owner = scope.owner(name);
            if (owner.isEmpty()) {
                return ShapeSource.UNKNOWN;
            }
            var constant = scope.constant(name);
            if (constant.isPresent()) {
                return new ShapeSource(null, constant.get().dimensions());
            }
            Optional<Node> producer = scope.producer(name);
            if (producer.isEmpty()) {
                return isMain(owner.get()) && requestInputs.contains(name)
                        ? new ShapeSource(name, declared ? declaration(name) : null)
                        : ShapeSource.UNKNOWN;
            }
            Node node = producer.get();
            if (!node.domain().isEmpty() || !KEEP_SHAPE.contains(node.operator()) || !isMain(owner.get())) {
                return ShapeSource.UNKNOWN;
            }
            name = node.input(0);
        }
        return ShapeSource.UNKNOWN;
    }

    private @Nullable List<Long> declaration(String input) {
        return main.declaration(input)
                .flatMap(ValueInfo::dimensions)
                .map(dimensions -> dimensions.stream().map(Dimension::size).toList())
                .orElse(null);
    }

    /** Returns whether the value, as a graph names it, is an input of the model. */
    boolean isRequestInput(Scope scope, String name) {
        return requestInputs.contains(name)
                && scope.owner(name).filter(this::isMain).isPresent()
                && scope.producer(name).isEmpty();
    }

    @SuppressWarnings("ReferenceEquality") // two nested graphs may be equal, and still have other names around them
    private boolean isMain(Scope scope) {
        return scope.graph() == main.graph();
    }
}
