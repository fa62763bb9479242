package dev.kitchen.session;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks requests against one version's signature, and puts their inputs into its order. What it needs of the signature
 * it reads once.
 */
public final class InputBinding {

    private final String place;
    private final ValueSpec[] required;
    private final List<ValueSpec> defaulted;
    private final List<String> requiredNames;
    private final List<String> inputNames;
    private final List<String> outputNames;

    public InputBinding(String place, ModelSignature signature) {
        this.place = place;
        this.required = signature.inputs().toArray(ValueSpec[]::new);
        this.defaulted = signature.defaultedInputs();
        this.requiredNames = signature.inputs().stream().map(ValueSpec::name).toList();
        this.inputNames = Stream.concat(signature.inputs().stream(), defaulted.stream())
                .map(ValueSpec::name)
                .toList();
        this.outputNames = signature.outputs().stream().map(ValueSpec::name).toList();
    }

    /**
     * The inputs in the signature's order.
     *
     * @throws InvalidRequestException naming the first input that is missing, unknown, or of the wrong type or shape
     */
    public NamedValues bind(PredictionRequest request) {
        NamedValues inputs = request.inputs();
        if (isInOrder(inputs)) {
            for (int i = 0; i < required.length; i++) {
                check(required[i], inputs.value(i));
            }
            return inputs;
        }
        return reorder(inputs);
    }

    private boolean isInOrder(NamedValues inputs) {
        if (inputs.size() != required.length) {
            return false;
        }
        for (int i = 0; i < required.length; i++) {
            if (!inputs.name(i).equals(requiredNames.get(i))) {
                return false;
            }
        }
        return true;
    }

    private NamedValues reorder(NamedValues inputs) {
        for (String name : inputs.names()) {
            if (!inputNames.contains(name)) {
                throw new InvalidRequestException(place + ": unknown input '" + MessageText.of(name) + "', expected "
                        + MessageText.of(inputNames));
            }
        }
        List<String> names = new ArrayList<>(required.length);
        List<Value> values = new ArrayList<>(required.length);
        for (ValueSpec spec : required) {
            add(spec, requiredValue(spec, inputs), names, values);
        }
        for (ValueSpec spec : defaulted) {
            add(spec, inputs.find(spec.name()).orElse(null), names, values);
        }
        return NamedValues.of(names, values.toArray(Value[]::new));
    }

    private Value requiredValue(ValueSpec spec, NamedValues inputs) {
        return inputs.find(spec.name()).orElseGet(() -> {
            if (spec instanceof OptionalSpec) {
                return new EmptyOptional();
            }
            throw new InvalidRequestException(place + ": input '" + MessageText.of(spec.name())
                    + "' is missing, expected " + MessageText.of(spec));
        });
    }

    private void add(ValueSpec spec, @Nullable Value value, List<String> names, List<Value> values) {
        if (value != null) {
            check(spec, value);
            names.add(spec.name());
            values.add(value);
        }
    }

    private void check(ValueSpec spec, Value value) {
        if (!ValueCheck.fits(spec, value)) {
            throw new InvalidRequestException(
                    place + ": input '" + MessageText.of(spec.name()) + "' " + ValueCheck.difference(spec, value));
        }
    }

    /**
     * The outputs to compute.
     *
     * @throws InvalidRequestException if the request asks for one the model does not have
     */
    List<String> outputs(PredictionRequest request) {
        List<String> requested = request.options().requestedOutputs();
        if (requested.isEmpty()) {
            return outputNames;
        }
        for (String name : requested) {
            if (!outputNames.contains(name)) {
                throw new InvalidRequestException(place + ": unknown output '" + MessageText.of(name) + "', expected "
                        + MessageText.of(outputNames));
            }
        }
        return requested;
    }
}
