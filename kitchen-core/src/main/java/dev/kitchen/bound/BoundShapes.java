package dev.kitchen.bound;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which shapes the inputs and outputs of a bound call have. A dynamic first dimension is the batch; another one takes
 * the size of a dimension of the same name, as far as shapes were given.
 */
final class BoundShapes {

    private final String place;
    private final long batchSize;
    private final Map<String, Shape> given;
    private final Map<String, Long> sizes = new HashMap<>();
    private final List<TensorSpec> inputs = new ArrayList<>();
    private final List<TensorSpec> outputs = new ArrayList<>();

    /**
     * The shapes for a signature.
     *
     * @param batchSize the size of dynamic first dimensions
     * @param given shapes by the name of an input or output; win over all else
     * @throws InvalidRequestException if a shape does not fit the signature, or an input's is not known
     */
    BoundShapes(String place, ModelSignature signature, long batchSize, Map<String, Shape> given) {
        this.place = place;
        this.batchSize = batchSize;
        this.given = given;
        requireKnownNames(signature);
        given.forEach((name, shape) -> signature.input(name).ifPresent(it -> learn(it, shape)));
        signature.inputs().forEach(it -> inputs.add(input(it)));
        signature.defaultedInputs().stream()
                .filter(it -> given.containsKey(it.name()))
                .forEach(it -> inputs.add(input(it)));
        signature.outputs().forEach(it -> output(it).ifPresent(outputs::add));
    }

    private void requireKnownNames(ModelSignature signature) {
        Set<String> unknown = new HashSet<>(given.keySet());
        signature.inputs().forEach(it -> unknown.remove(it.name()));
        signature.defaultedInputs().forEach(it -> unknown.remove(it.name()));
        signature.outputs().forEach(it -> unknown.remove(it.name()));
        if (!unknown.isEmpty()) {
            throw new InvalidRequestException(place + ": shapes are given for " + MessageText.of(unknown)
                    + ", which the model does not have, expected" + " some of " + MessageText.of(names(signature)));
        }
    }

    private static List<String> names(ModelSignature signature) {
        return Stream.of(signature.inputs(), signature.defaultedInputs(), signature.outputs())
                .flatMap(List::stream)
                .map(ValueSpec::name)
                .toList();
    }

    private void learn(ValueSpec spec, Shape shape) {
        if (spec instanceof TensorSpec tensor && tensor.shape().accepts(shape)) {
            for (int axis = 0; axis < tensor.dimensionNames().size(); axis++) {
                learn(tensor.dimensionNames().get(axis), shape.dimension(axis));
            }
        }
    }

    private void learn(String dimensionName, long size) {
        if (!dimensionName.isEmpty()) {
            sizes.putIfAbsent(dimensionName, size);
        }
    }

    private TensorSpec input(ValueSpec spec) {
        TensorSpec tensor = requireTensor(spec);
        Shape wanted = given.get(spec.name());
        if (wanted != null) {
            return explicit(tensor, wanted);
        }
        Shape shape = foresee(tensor)
                .orElseThrow(() -> new InvalidRequestException(place + ": input '" + spec.name() + "' is " + tensor
                        + ", expected a shape for it: bind(Map.of(\"" + spec.name() + "\", Shape.of(...)))"));
        learn(tensor, shape);
        return requireSize(tensor, shape);
    }

    private TensorSpec requireTensor(ValueSpec spec) {
        if (spec instanceof TensorSpec tensor && tensor.type() != DataType.STRING) {
            return tensor;
        }
        throw new InvalidRequestException(
                place + ": input '" + spec.name() + "' is " + spec + ", expected a tensor of numbers; use predict");
    }

    private TensorSpec explicit(TensorSpec tensor, Shape shape) {
        if (!shape.isStatic() || !tensor.shape().accepts(shape)) {
            throw new InvalidRequestException(place + ": '" + tensor.name() + "' is to be bound with shape " + shape
                    + ", expected " + tensor.shape() + " with all dimensions known");
        }
        return requireSize(tensor, shape);
    }

    private TensorSpec requireSize(TensorSpec tensor, Shape shape) {
        if (shape.elementCount() > Tensor.MAX_BYTES / 2 / tensor.type().sizeBytes()) {
            throw new InvalidRequestException(
                    place + ": '" + tensor.name() + "' is to be bound with shape " + shape + ", which is too large");
        }
        return new TensorSpec(tensor.name(), tensor.type(), shape);
    }

    private Optional<TensorSpec> output(ValueSpec spec) {
        if (!(spec instanceof TensorSpec tensor) || tensor.type() == DataType.STRING) {
            return Optional.empty();
        }
        Shape wanted = given.get(spec.name());
        return wanted != null
                ? Optional.of(explicitOutput(tensor, wanted))
                : foresee(tensor).map(it -> requireSize(tensor, it));
    }

    /** May differ from what the model declares: models declare wrong shapes of outputs. The run fails if this one is wrong. */
    private TensorSpec explicitOutput(TensorSpec tensor, Shape shape) {
        if (!shape.isStatic()) {
            throw new InvalidRequestException(place + ": '" + tensor.name() + "' is to be bound with shape " + shape
                    + ", expected all dimensions known");
        }
        return requireSize(tensor, shape);
    }

    private Optional<Shape> foresee(TensorSpec tensor) {
        if (!tensor.shape().isRankKnown()) {
            return Optional.empty();
        }
        long[] dimensions = tensor.shape().toArray();
        for (int axis = 0; axis < dimensions.length; axis++) {
            Long known = sizes.get(tensor.dimensionNames().get(axis));
            if (dimensions[axis] < 0 && known == null && axis > 0) {
                return Optional.empty();
            }
            if (dimensions[axis] < 0) {
                dimensions[axis] = known == null ? batchSize : known;
            }
        }
        return Optional.of(Shape.of(dimensions));
    }

    List<TensorSpec> inputs() {
        return inputs;
    }

    List<TensorSpec> outputs() {
        return outputs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundShapes that && inputs.equals(that.inputs) && outputs.equals(that.outputs);
    }

    @Override
    public int hashCode() {
        return inputs.hashCode() * 31 + outputs.hashCode();
    }

    /** For example {@code input: FLOAT [1, 4] -> scores: FLOAT [1, 3]}. */
    @Override
    public String toString() {
        return inputs + " -> " + outputs;
    }
}
