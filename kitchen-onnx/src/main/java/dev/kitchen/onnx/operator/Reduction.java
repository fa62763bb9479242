package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dimensions that a reduction takes away. ONNX Runtime does not reduce axes from the end of an empty tensor. */
final class Reduction {

    private Reduction() {}

    /** Returns the dimensions of the input that may be 0; nothing where the output has an element in any case. */
    static Optional<Long> of(Scope scope, Node node, long ignored) {
        if (takesAttributes(node)) {
            return Optional.of(0L);
        }
        boolean position = node.operator().startsWith("Arg");
        List<Long> axes = position ? List.of(node.integer("axis", 0)) : axes(scope, node);
        if (axes == null) {
            return Optional.of(0L);
        }
        if (axes.isEmpty()) {
            return node.integer("noop_with_empty_axes", 0) == 0 ? Optional.empty() : Optional.of(ignored);
        }
        long reduced = 0;
        for (long axis : axes) {
            if (axis >= 0 && axis < Long.SIZE) {
                reduced |= 1L << axis;
            }
        }
        boolean keeps = node.integer("keepdims", 1) != 0;
        return Optional.of(keeps || ignored == 0 ? reduced | ignored : reduced);
    }

    /** Returns whether the call of a function decides about an attribute. */
    private static boolean takesAttributes(Node node) {
        return node.attributes().stream()
                .anyMatch(attribute -> !attribute.reference().isEmpty());
    }

    /** Returns the axes, none for all; null where they are not known. */
    private static @Nullable List<Long> axes(Scope scope, Node node) {
        Optional<Attribute> attribute = node.attribute("axes");
        if (attribute.isPresent()) {
            return attribute.get().integers().orElse(null);
        }
        String input = node.input(1);
        if (input.isEmpty()) {
            return List.of();
        }
        return scope.constant(input)
                .flatMap(TensorInfo::values)
                .map(values -> Arrays.stream(values.integers()).boxed().toList())
                .orElse(null);
    }

    /** Returns the dimensions of the positions that become those of the output. */
    static long throughGather(Scope scope, Node node, long ignored) {
        long axis = node.integer("axis", 0);
        Optional<TensorInfo> data = scope.constant(node.input(0));
        if (axis < 0 && data.isPresent()) {
            axis += data.get().dimensions().size();
        }
        return takesAttributes(node) || axis < 0 || axis >= Long.SIZE ? 0 : ignored >>> axis;
    }
}
