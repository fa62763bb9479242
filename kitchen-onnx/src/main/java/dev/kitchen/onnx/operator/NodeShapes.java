package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rule for one node, as far as the shapes of its inputs are known before a run. Makes no objects when asked. */
final class NodeShapes {

    /** An input of the node with a pattern that does not fit all shapes. */
    record Slot(int index, ShapeSource source, ShapePattern pattern) {}

    /** Two dimensions that one name ties together. */
    private record Tie(
            Slot left, int leftDimension, long leftFactor, Slot right, int rightDimension, long rightFactor) {}

    private final List<Slot> slots = new ArrayList<>();
    private final List<Tie> ties = new ArrayList<>();
    private final List<Slot[]> sameRanks = new ArrayList<>();
    private final @Nullable Slot first;

    NodeShapes(ShapeRule rule, Node node, List<ShapeSource> sources) {
        Map<Character, Slot> tails = new HashMap<>();
        Map<Character, Slot> names = new HashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            ShapePattern pattern = rule.pattern(node, i);
            if (sources.get(i).isKnown() && !pattern.isAny()) {
                Slot slot = new Slot(i, sources.get(i), pattern);
                slots.add(slot);
                tie(slot, names);
                tieRank(slot, tails);
            }
        }
        first = slots.isEmpty() || slots.get(0).index() != 0 ? firstOf(sources) : slots.get(0);
    }

    private static @Nullable Slot firstOf(List<ShapeSource> sources) {
        return sources.isEmpty() || !sources.get(0).isKnown()
                ? null
                : new Slot(0, sources.get(0), ShapePattern.parse("?"));
    }

    private void tie(Slot slot, Map<Character, Slot> names) {
        List<ShapePattern.Dimension> dimensions = slot.pattern().dimensions();
        for (int d = 0; d < dimensions.size(); d++) {
            ShapePattern.Dimension dimension = dimensions.get(d);
            if (dimension.name() == ShapePattern.NO_NAME) {
                continue;
            }
            Slot other = names.putIfAbsent(dimension.name(), slot);
            if (other != null) {
                int at = position(other, dimension.name());
                ties.add(
                        new Tie(other, at, other.pattern().dimensions().get(at).factor(), slot, d, dimension.factor()));
            }
        }
    }

    private static int position(Slot slot, char name) {
        List<ShapePattern.Dimension> dimensions = slot.pattern().dimensions();
        for (int d = 0; d < dimensions.size(); d++) {
            if (dimensions.get(d).name() == name) {
                return d;
            }
        }
        throw new IllegalStateException("no " + name + " in " + slot.pattern());
    }

    private void tieRank(Slot slot, Map<Character, Slot> tails) {
        char name = slot.pattern().tailName();
        if (name != ShapePattern.NO_NAME) {
            Slot other = tails.putIfAbsent(name, slot);
            if (other != null) {
                sameRanks.add(new Slot[] {other, slot});
            }
        }
    }

    /** Returns whether some input's shape comes with the request. */
    boolean dependsOnRequest() {
        return slots.stream().anyMatch(slot -> slot.source().request() != null);
    }

    /** Returns whether there is anything to check. */
    boolean isEmpty() {
        return slots.isEmpty();
    }

    /**
     * Returns an input that does not fit, or null.
     *
     * @param inputs the request; null to look only at what is the same in every run
     */
    @Nullable
    Slot misfit(@Nullable NamedValues inputs) {
        for (int i = 0; i < slots.size(); i++) {
            if (!fits(slots.get(i), inputs)) {
                return slots.get(i);
            }
        }
        for (int i = 0; i < ties.size(); i++) {
            Tie tie = ties.get(i);
            long left = dimension(tie.left(), tie.leftDimension(), inputs);
            long right = dimension(tie.right(), tie.rightDimension(), inputs);
            if (left >= 0 && right >= 0 && left * tie.rightFactor() != right * tie.leftFactor()) {
                return tie.right();
            }
        }
        for (int i = 0; i < sameRanks.size(); i++) {
            int left = tailRank(sameRanks.get(i)[0], inputs);
            int right = tailRank(sameRanks.get(i)[1], inputs);
            if (left >= 0 && right >= 0 && left != right) {
                return sameRanks.get(i)[1];
            }
        }
        return null;
    }

    private int tailRank(Slot slot, @Nullable NamedValues inputs) {
        int rank = rank(slot, inputs);
        return rank < 0 ? rank : rank - slot.pattern().dimensions().size();
    }

    private boolean fits(Slot slot, @Nullable NamedValues inputs) {
        ShapePattern pattern = slot.pattern();
        if (pattern.constant() && slot.source().request() != null) {
            return false;
        }
        int rank = rank(slot, inputs);
        if (rank < 0) {
            return true;
        }
        int fixed = pattern.dimensions().size();
        if (rank < fixed || rank > fixed && pattern.tail() == ShapePattern.Tail.NONE) {
            return false;
        }
        for (int d = 0; d < rank; d++) {
            long size = dimension(slot, d, inputs);
            if (d >= fixed) {
                if (size == 0 && pattern.tail() == ShapePattern.Tail.NOT_EMPTY
                        || size >= 0 && size != 1 && pattern.tail() == ShapePattern.Tail.ONES) {
                    return false;
                }
            } else if (!fits(pattern.dimensions().get(d), size, inputs)) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(ShapePattern.Dimension dimension, long size, @Nullable NamedValues inputs) {
        if (dimension.rankOfFirst() && first != null) {
            int rank = rank(first, inputs);
            return rank < 0 || size < 0 || rank == size;
        }
        return size < 0 || size >= dimension.least() && (dimension.exact() < 0 || dimension.exact() == size);
    }

    private static int rank(Slot slot, @Nullable NamedValues inputs) {
        List<Long> constant = slot.source().constant();
        if (constant != null) {
            return constant.size();
        }
        Shape shape = shape(slot, inputs);
        return shape == null ? -1 : shape.rank();
    }

    private static long dimension(Slot slot, int index, @Nullable NamedValues inputs) {
        List<Long> constant = slot.source().constant();
        if (constant != null) {
            return constant.get(index);
        }
        Shape shape = shape(slot, inputs);
        return shape == null ? -1 : shape.dimension(index);
    }

    private static @Nullable Shape shape(Slot slot, @Nullable NamedValues inputs) {
        String name = slot.source().request();
        return inputs == null || name == null ? null : shape(inputs, name);
    }

    /** Returns the shape of a tensor in a request, or null if it is not there or is no tensor. */
    static @Nullable Shape shape(NamedValues inputs, String name) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.name(i).equals(name)) {
                return inputs.value(i) instanceof Tensor tensor ? tensor.shape() : null;
            }
        }
        return null;
    }

    /** The actual shape of an input, for a message. */
    static String actual(Slot slot, @Nullable NamedValues inputs) {
        List<Long> constant = slot.source().constant();
        return constant != null ? constant.toString() : Arrays.toString(shapeArray(slot, inputs));
    }

    private static long[] shapeArray(Slot slot, @Nullable NamedValues inputs) {
        Shape shape = shape(slot, inputs);
        return shape == null ? new long[0] : shape.toArray();
    }
}
