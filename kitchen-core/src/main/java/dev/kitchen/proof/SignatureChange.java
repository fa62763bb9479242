package dev.kitchen.proof;

import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * What callers of one signature would notice of another. They notice nothing of new outputs, new inputs that may be left
 * out, and inputs that take more shapes than before.
 */
public final class SignatureChange {

    /** Whether a shape that is not known promises every shape, or nothing. */
    private enum UnknownShape {
        EVERY,
        NONE
    }

    private final ModelSignature after;
    private final UnknownShape unknownShape;
    private final List<String> problems = new ArrayList<>();

    private SignatureChange(ModelSignature before, ModelSignature after, UnknownShape unknownShape) {
        this.after = after;
        this.unknownShape = unknownShape;
        before.inputs().forEach(it -> input(it, true));
        before.defaultedInputs().forEach(it -> input(it, false));
        after.inputs().stream()
                .filter(it ->
                        !(it instanceof OptionalSpec) && before.input(it.name()).isEmpty())
                .forEach(it -> problems.add("input '" + it.name() + "' is required, expected none of that name"));
        before.outputs().forEach(this::output);
    }

    /** What callers of the current version would notice of the next one. */
    public static SignatureChange between(ModelSignature current, ModelSignature next) {
        return new SignatureChange(current, next, UnknownShape.EVERY);
    }

    /** Where a signature is not what somebody wrote down; a shape that is not written down may be any. */
    static SignatureChange fromExpected(ModelSignature expected, ModelSignature actual) {
        return new SignatureChange(expected, actual, UnknownShape.NONE);
    }

    /** Whether callers notice nothing. */
    public boolean isCompatible() {
        return problems.isEmpty();
    }

    /** What callers notice, in words: the actual, and what they expect. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private void input(ValueSpec old, boolean required) {
        String place = "input '" + old.name() + "'";
        after.input(old.name())
                .ifPresentOrElse(
                        it -> {
                            if (!takes(it, old)) {
                                problems.add(place + " is " + text(it) + ", expected " + text(old));
                            } else if (!required && after.inputs().contains(it) && !(it instanceof OptionalSpec)) {
                                problems.add(place + " is required, expected a default");
                            }
                        },
                        () -> problems.add(place + " is not there, expected " + text(old)));
    }

    private void output(ValueSpec old) {
        String place = "output '" + old.name() + "'";
        after.output(old.name())
                .ifPresentOrElse(
                        it -> {
                            if (!gives(it, old)) {
                                problems.add(place + " is " + text(it) + ", expected " + text(old));
                            }
                        },
                        () -> problems.add(place + " is not there, expected " + text(old)));
    }

    /** Whether whatever the old input took is taken by the new one. */
    private boolean takes(ValueSpec now, ValueSpec old) {
        if (now instanceof OptionalSpec optional) {
            return takes(optional.element(), old instanceof OptionalSpec same ? same.element() : old);
        }
        if (now instanceof TensorSpec tensor && old instanceof TensorSpec oldTensor) {
            return tensor.type() == oldTensor.type() && takes(tensor.shape(), oldTensor.shape());
        }
        if (now instanceof SequenceSpec sequence && old instanceof SequenceSpec oldSequence) {
            return takes(sequence.element(), oldSequence.element());
        }
        return sameMap(now, old);
    }

    private boolean takes(Shape now, Shape old) {
        if (!old.isRankKnown()) {
            return unknownShape == UnknownShape.NONE || !now.isRankKnown();
        }
        return now.accepts(old);
    }

    /** Whether whoever read the old output can read the new one. */
    private static boolean gives(ValueSpec now, ValueSpec old) {
        if (old instanceof OptionalSpec optional) {
            return gives(now instanceof OptionalSpec same ? same.element() : now, optional.element());
        }
        if (now instanceof TensorSpec tensor && old instanceof TensorSpec oldTensor) {
            return tensor.type() == oldTensor.type() && gives(tensor.shape(), oldTensor.shape());
        }
        if (now instanceof SequenceSpec sequence && old instanceof SequenceSpec oldSequence) {
            return gives(sequence.element(), oldSequence.element());
        }
        return sameMap(now, old);
    }

    /** A dynamic dimension of an output says nothing: it may follow from an input that takes more than before. */
    private static boolean gives(Shape now, Shape old) {
        if (!now.isRankKnown() || !old.isRankKnown()) {
            return true;
        }
        boolean same = now.rank() == old.rank();
        for (int i = 0; same && i < now.rank(); i++) {
            same = now.dimension(i) == old.dimension(i)
                    || now.dimension(i) == Shape.DYNAMIC
                    || old.dimension(i) == Shape.DYNAMIC;
        }
        return same;
    }

    private static boolean sameMap(ValueSpec now, ValueSpec old) {
        return now instanceof MapSpec map
                && old instanceof MapSpec oldMap
                && map.keyType() == oldMap.keyType()
                && map.valueType() == oldMap.valueType();
    }

    /** What a value is, without its name and without names of dimensions, which callers do not see. */
    private static String text(ValueSpec spec) {
        if (spec instanceof TensorSpec tensor) {
            return tensor.type() + " " + tensor.shape();
        }
        String text = spec.toString();
        return spec.name().isEmpty() ? text : text.substring(spec.name().length() + 2);
    }
}
