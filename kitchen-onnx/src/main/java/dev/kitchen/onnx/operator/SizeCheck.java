package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The size of a node's output, where the request names it: a few bytes can ask for more memory than there is, or for
 * hours of work.
 */
final class SizeCheck implements ValueCheck {

    /** Computes about how many elements come out; less than that where inputs are not known. */
    private interface Formula {
        double elements(SizeCheck node, NamedValues inputs);
    }

    private static final Map<String, Formula> FORMULAS = Map.ofEntries(
            Map.entry("ConstantOfShape", (node, inputs) -> node.product(inputs, 0)),
            Map.entry("Expand", (node, inputs) -> node.expanded(inputs)),
            Map.entry("Tile", (node, inputs) -> node.product(inputs, 1) * node.inputElements(inputs, 0)),
            Map.entry("Range", (node, inputs) -> node.steps(inputs)),
            Map.entry("com.microsoft.Range", (node, inputs) -> node.steps(inputs)),
            Map.entry("OneHot", (node, inputs) -> node.first(inputs, 1) * node.inputElements(inputs, 0)),
            Map.entry("Pad", (node, inputs) -> node.padded(inputs)),
            Map.entry("com.microsoft.Pad", (node, inputs) -> node.padded(inputs)),
            Map.entry("Resize", (node, inputs) -> node.resized(inputs)),
            Map.entry("Upsample", (node, inputs) -> node.product(inputs, 1) * node.inputElements(inputs, 0)),
            Map.entry("HannWindow", (node, inputs) -> node.first(inputs, 0)),
            Map.entry("HammingWindow", (node, inputs) -> node.first(inputs, 0)),
            Map.entry("BlackmanWindow", (node, inputs) -> node.first(inputs, 0)),
            Map.entry("MelWeightMatrix", (node, inputs) -> node.first(inputs, 0) * node.first(inputs, 1)),
            Map.entry("AffineGrid", (node, inputs) -> node.product(inputs, 1)),
            Map.entry("Col2Im", (node, inputs) -> node.product(inputs, 1)),
            Map.entry("MaxUnpool", (node, inputs) -> node.product(inputs, 2)),
            Map.entry("CenterCropPad", (node, inputs) -> node.product(inputs, 1)),
            Map.entry("DFT", (node, inputs) -> node.first(inputs, 1)),
            Map.entry("com.microsoft.CropAndResize", (node, inputs) -> node.product(inputs, 3)),
            Map.entry(
                    "com.microsoft.RelativePositionBias",
                    (node, inputs) -> node.first(inputs, 1) * node.first(inputs, 2)));

    private final String place;
    private final Formula formula;
    private final List<NodeValues> inputs;
    private final List<ShapeSource> shapes;
    private final boolean namesAxes;
    private final long maxElements;

    private SizeCheck(Node node, Formula formula, List<NodeValues> inputs, List<ShapeSource> shapes, long maxElements) {
        this.place = NodeCheck.place(node);
        this.namesAxes = !node.input(3).isEmpty();
        this.formula = formula;
        this.inputs = inputs;
        this.shapes = shapes;
        this.maxElements = maxElements;
    }

    static Optional<ValueCheck> of(Scope scope, Node node, ShapeSources sources, long maxElements) {
        Formula formula = FORMULAS.get(node.qualifiedOperator());
        if (formula == null) {
            return Optional.empty();
        }
        List<NodeValues> inputs = node.inputs().stream()
                .map(name -> NodeValues.of(scope, name, sources))
                .toList();
        List<ShapeSource> shapes = sources.ofInputs(scope, node);
        boolean fromRequest = inputs.stream().anyMatch(input -> input.request() != null);
        return fromRequest ? Optional.of(new SizeCheck(node, formula, inputs, shapes, maxElements)) : Optional.empty();
    }

    @Override
    public void check(NamedValues request) {
        double elements = formula.elements(this, request);
        if (elements > maxElements) {
            throw new InvalidRequestException("the request asks " + place + " for about " + (long) elements
                    + " elements, expected at most " + maxElements + "; a larger limit is set with"
                    + " max-output-elements");
        }
    }

    private double product(NamedValues request, int input) {
        int count = count(request, input);
        double product = 1;
        for (int i = 0; i < count; i++) {
            product *= Math.max(0, inputs.get(input).at(request, i));
        }
        return count < 0 ? 0 : product;
    }

    private int count(NamedValues request, int input) {
        return input < inputs.size() ? inputs.get(input).count(request) : -1;
    }

    private double first(NamedValues request, int input) {
        return count(request, input) < 1 ? 1 : Math.max(0, inputs.get(input).at(request, 0));
    }

    private double inputElements(NamedValues request, int input) {
        double elements = 1;
        for (int i = 0, rank = rank(request, input); i < rank; i++) {
            elements *= dimension(request, input, i);
        }
        return elements;
    }

    private int rank(NamedValues request, int input) {
        List<Long> constant = shapes.get(input).constant();
        Shape shape = shape(request, input);
        return constant != null ? constant.size() : shape == null ? 0 : shape.rank();
    }

    private long dimension(NamedValues request, int input, int index) {
        List<Long> constant = shapes.get(input).constant();
        Shape shape = shape(request, input);
        return constant != null ? constant.get(index) : shape == null ? 1 : shape.dimension(index);
    }

    private @Nullable Shape shape(NamedValues request, int input) {
        String name = shapes.get(input).request();
        return name == null ? null : NodeShapes.shape(request, name);
    }

    private double steps(NamedValues request) {
        if (count(request, 0) < 1 || count(request, 1) < 1) {
            return 0;
        }
        double delta = count(request, 2) < 1 ? 1 : inputs.get(2).at(request, 0);
        double steps = (inputs.get(1).at(request, 0) - inputs.get(0).at(request, 0)) / delta;
        return steps > 0 ? steps : 0;
    }

    /** In each dimension the larger of the two sizes. */
    private double expanded(NamedValues request) {
        int rank = rank(request, 0);
        int sizes = count(request, 1);
        double elements = sizes < 0 ? 0 : 1;
        for (int i = 0; i < Math.max(rank, sizes) && sizes >= 0; i++) {
            double own = i < rank ? dimension(request, 0, rank - 1 - i) : 1;
            double asked = i < sizes ? inputs.get(1).at(request, sizes - 1 - i) : 1;
            elements *= own == 0 || asked == 0 ? 0 : Math.max(own, asked);
        }
        return elements;
    }

    /** Two numbers for each dimension, or for each axis that is named; all of the first ones before the second ones. */
    private double padded(NamedValues request) {
        int rank = rank(request, 0);
        int pads = count(request, 1) / 2;
        boolean named = namesAxes;
        double elements = 1;
        if (named ? count(request, 3) == pads && rank > 0 : pads == rank) {
            for (int i = 0; i < rank; i++) {
                elements *= Math.max(0, dimension(request, 0, i) + added(request, i, rank, pads, named));
            }
            return elements;
        }
        for (int i = 0; i < pads; i++) {
            elements *= Math.max(1, inputs.get(1).at(request, i) + inputs.get(1).at(request, i + pads));
        }
        return Math.max(elements, inputElements(request, 0));
    }

    private double added(NamedValues request, int dimension, int rank, int pads, boolean named) {
        double added = 0;
        for (int i = 0; i < pads; i++) {
            double axis = named ? inputs.get(3).at(request, i) : i;
            if (axis == dimension || axis + rank == dimension) {
                added += inputs.get(1).at(request, i) + inputs.get(1).at(request, i + pads);
            }
        }
        return added;
    }

    /** Scales are an input of their own, in older versions right after the first one; sizes are the fourth. */
    private double resized(NamedValues request) {
        if (count(request, 3) > 0) {
            return product(request, 3);
        }
        int scales = inputs.size() == 2 ? 1 : 2;
        return count(request, scales) > 0 ? product(request, scales) * inputElements(request, 0) : 0;
    }
}
