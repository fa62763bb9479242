package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds each component of a record its place in a model: an input of its own, or a column of the only one. */
final class RecordBinding<I> implements Features.Source<I> {

    private final Class<I> type;
    private final List<Component> components;
    private final boolean inDeclarationOrder;

    private RecordBinding(Class<I> type, List<Component> components, boolean inDeclarationOrder) {
        this.type = type;
        this.components = List.copyOf(components);
        this.inDeclarationOrder = inDeclarationOrder;
    }

    static <R> RecordBinding<R> of(Class<R> type) {
        RecordComponent[] declared = type.getRecordComponents();
        if (declared == null || declared.length == 0) {
            throw new ConfigurationException(type.getName() + " has no components, expected a record of features");
        }
        Accessors accessors = new Accessors(type);
        return new RecordBinding<>(
                type, Arrays.stream(declared).map(accessors::component).toList(), false);
    }

    @Override
    public RecordBinding<I> inDeclarationOrder() {
        return new RecordBinding<>(type, components, true);
    }

    @Override
    public Features.Encoder<I> bind(ModelSignature signature, Map<String, String> metadata) {
        Problems problems = new Problems();
        for (Component component : components) {
            if (component instanceof Component.Unsupported) {
                problems.add("component '" + component.name() + "' is a "
                        + component.type().getSimpleName()
                        + ", expected float, double, long, int, short, byte, boolean or String");
            }
        }
        return matrix(signature)
                .map(it -> bindColumns(it, FeatureNames.in(metadata), problems))
                .orElseGet(() -> bindInputs(signature, problems));
    }

    /** The only input, if it takes all features as columns; one column may be an input of a component's name. */
    private Optional<TensorSpec> matrix(ModelSignature signature) {
        if (signature.inputs().size() != 1
                || !(signature.inputs().get(0) instanceof TensorSpec spec)
                || spec.shape().rank() != 2
                || !takesOneRow(spec.shape())) {
            return Optional.empty();
        }
        boolean byName = !inDeclarationOrder
                && spec.shape().dimension(1) == 1
                && (components.size() > 1
                        || NameMatch.find(components.get(0).name(), List.of(spec.name()))
                                .isPresent());
        return byName ? Optional.empty() : Optional.of(spec);
    }

    private static boolean takesOneRow(Shape shape) {
        return shape.dimension(0) == 1 || shape.dimension(0) == Shape.DYNAMIC;
    }

    private Features.Encoder<I> bindColumns(TensorSpec spec, Optional<List<String>> names, Problems problems) {
        List<Component> columns = columns(spec, names, problems);
        long expected = spec.shape().dimension(1);
        if (expected != Shape.DYNAMIC && expected != columns.size()) {
            problems.add(type.getSimpleName() + " gives " + columns.size() + " columns, input '"
                    + MessageText.of(spec.name()) + "' has shape " + spec.shape());
        }
        columns.forEach(it -> requireFit(it, spec, problems));
        problems.throwIfAny();
        List<String> description = new ArrayList<>();
        for (Component component : components) {
            description.add(line(component, spec) + ", column " + columns.indexOf(component));
        }
        return new RecordEncoder<>(
                type,
                List.of(spec.name()),
                List.of(new InputColumns(spec.type(), true, columns)),
                spec.shape().dimension(0) == Shape.DYNAMIC,
                description);
    }

    private List<Component> columns(TensorSpec spec, Optional<List<String>> names, Problems problems) {
        if (names.isPresent()) {
            Problems unmatched = new Problems();
            List<Component> named = NameMatch.columns(components, names.get(), unmatched);
            if (!inDeclarationOrder) {
                problems.addAll(unmatched);
                return named.isEmpty() ? components : named;
            }
            if (unmatched.isEmpty() && !named.equals(components)) {
                problems.add("the components are declared in another order than the model names its columns: "
                        + MessageText.of(names.get()) + "; leave out inDeclarationOrder()");
            }
        } else if (!inDeclarationOrder) {
            problems.add("input '" + MessageText.of(spec.name()) + "' takes all features as columns of one "
                    + spec.type()
                    + " " + spec.shape() + " and neither the model nor its bundle names them; if the components of "
                    + type.getSimpleName() + " stand in their order, write Features.of(" + type.getSimpleName()
                    + ".class).inDeclarationOrder()");
        }
        return components;
    }

    private Features.Encoder<I> bindInputs(ModelSignature signature, Problems problems) {
        if (inDeclarationOrder) {
            problems.add("inDeclarationOrder() needs a model with one matrix for all features, this one takes "
                    + MessageText.of(signature.inputs()));
        }
        List<Placed> placed = place(signature, problems);
        problems.throwIfAny();
        return new RecordEncoder<>(
                type,
                placed.stream().map(it -> it.spec().name()).toList(),
                placed.stream().map(Placed::columns).toList(),
                placed.stream().allMatch(it -> it.spec().shape().dimension(0) == Shape.DYNAMIC),
                placed.stream().map(it -> line(it.component(), it.spec())).toList());
    }

    /** A component and the input that takes it. */
    private record Placed(TensorSpec spec, Component component) {

        InputColumns columns() {
            return new InputColumns(spec.type(), spec.shape().rank() == 2, List.of(component));
        }
    }

    private List<Placed> place(ModelSignature signature, Problems problems) {
        List<ValueSpec> inputs = new ArrayList<>(signature.inputs());
        inputs.addAll(signature.defaultedInputs());
        NameMatch match = NameMatch.inputs(
                components, inputs.stream().map(ValueSpec::name).toList(), problems);
        List<Placed> placed = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            ValueSpec input = inputs.get(i);
            Optional<Component> component = match.componentOf(i);
            if (component.isPresent()) {
                place(input, component.get(), problems).ifPresent(it -> placed.add(new Placed(it, component.get())));
            } else if (i < signature.inputs().size() && !(input instanceof OptionalSpec)) {
                problems.add("input '" + MessageText.of(input) + "' has no component of its name");
            }
        }
        return placed;
    }

    private static Optional<TensorSpec> place(ValueSpec input, Component component, Problems problems) {
        ValueSpec value = input instanceof OptionalSpec optional ? optional.element() : input;
        if (!(value instanceof TensorSpec spec) || !takesOneValue(spec.shape())) {
            problems.add("input '" + MessageText.of(input) + "' takes no single value a row, as component '"
                    + component.name() + "' is");
            return Optional.empty();
        }
        TensorSpec named = new TensorSpec(input.name(), spec.type(), spec.shape());
        return requireFit(component, named, problems) ? Optional.of(named) : Optional.empty();
    }

    private static boolean takesOneValue(Shape shape) {
        return (shape.rank() == 1 || (shape.rank() == 2 && shape.dimension(1) == 1)) && takesOneRow(shape);
    }

    private static boolean requireFit(Component component, TensorSpec spec, Problems problems) {
        if (component instanceof Component.Unsupported || component.fits(spec.type())) {
            return true;
        }
        String types = Arrays.stream(
                        new Class<?>[] {float.class, double.class, long.class, int.class, boolean.class, String.class})
                .filter(it -> Component.fits(it, spec.type()))
                .map(Class::getSimpleName)
                .toList()
                .toString();
        problems.add("component '" + component.name() + "' is "
                + component.type().getSimpleName() + ", which "
                + spec.type() + " of input '" + MessageText.of(spec.name()) + "' cannot hold in all cases; it takes "
                + types);
        return false;
    }

    private static String line(Component component, TensorSpec spec) {
        return component.name() + " (" + component.type().getSimpleName() + ") -> " + MessageText.of(spec.name()) + " "
                + spec.type() + " " + spec.shape();
    }
}
