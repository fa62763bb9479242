package dev.kitchen.proof;

import dev.kitchen.compare.BatchRows;
import dev.kitchen.compare.ScoresDifference;
import dev.kitchen.compare.TensorDifference;
import dev.kitchen.compare.Tolerance;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.session.InputBinding;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.Optional;

/** Asks a model a question whose answer is known, as it stands and in batches, and compares. */
final class GoldenReplay {

    private final ModelSignature signature;
    private final ProofRuns runs;
    private final GoldenCase golden;
    private final String place;
    private final Tolerance tolerance;
    private final NamedValues inputs;

    /**
     * A replay that has not begun.
     *
     * @throws dev.kitchen.error.InvalidRequestException if the case does not fit the signature
     */
    GoldenReplay(ModelSignature signature, ProofRuns runs, GoldenCase golden) {
        this.signature = signature;
        this.runs = runs;
        this.golden = golden;
        this.place = "golden case '" + MessageText.of(golden.name()) + "'";
        this.tolerance = new Tolerance(golden);
        this.inputs =
                new InputBinding(place, signature).bind(PredictionRequest.of(golden.inputs(), CallOptions.defaults()));
        for (String name : golden.outputs().names()) {
            if (signature.output(name).isEmpty()) {
                throw new InferenceException(place + ": output '" + MessageText.of(name)
                        + "' is not there, expected one of " + MessageText.of(signature.outputs()));
            }
        }
    }

    /** The case's inputs, in the signature's order. */
    NamedValues inputs() {
        return inputs;
    }

    /**
     * Replays the case as it stands, then in each size that is not its own.
     *
     * @throws dev.kitchen.error.KitchenException if the model fails, or answers otherwise
     */
    void run(List<Integer> batchSizes) {
        compare(place, golden.outputs(), runs.run(place, inputs));
        Optional<Integer> rows = BatchRows.count(inputs);
        for (int size : batchSizes) {
            if (rows.isEmpty() || rows.get() != size) {
                batch(size, rows);
            }
        }
    }

    private void batch(int size, Optional<Integer> rows) {
        String here = place + " in a batch of " + size;
        Optional<String> refusal = BatchRows.refusal(signature, inputs);
        if (refusal.isPresent() || rows.isEmpty()) {
            throw new InferenceException(here + ": "
                    + refusal.orElse("its inputs have not the same number of rows, expected that they have"));
        }
        NamedValues outputs = runs.run(here, BatchRows.repeat(inputs, size));
        for (String name : golden.outputs().names()) {
            Value expected = golden.outputs().value(name);
            if (expected instanceof SequenceValue scores && scores.elements().size() == rows.get()) {
                compare(here, name, BatchRows.repeat(scores, size), outputs);
            } else if (expected instanceof Tensor tensor && hasRows(name, tensor, rows.get())) {
                compare(here, name, BatchRows.repeat(tensor, size), outputs);
            }
        }
    }

    /** Whether an output has as many rows as the inputs; one that has not says nothing of a batch's answer. */
    private boolean hasRows(String name, Tensor expected, int rows) {
        boolean dynamic = signature.output(name).orElseThrow() instanceof TensorSpec spec
                && (!spec.shape().isRankKnown()
                        || spec.shape().rank() > 0 && spec.shape().dimension(0) == Shape.DYNAMIC);
        return dynamic && expected.shape().rank() > 0 && expected.shape().dimension(0) == rows;
    }

    private void compare(String here, NamedValues expected, NamedValues actual) {
        for (String name : expected.names()) {
            compare(here, name, expected.value(name), actual);
        }
    }

    private void compare(String here, String name, Value expected, NamedValues outputs) {
        difference(expected, outputs.value(name)).ifPresent(it -> {
            throw new InferenceException(here + ": output '" + MessageText.of(name) + "' " + it);
        });
    }

    private Optional<String> difference(Value expected, Value actual) {
        if (expected instanceof Tensor tensor && actual instanceof Tensor answered) {
            return new TensorDifference(tolerance).find(tensor, answered);
        } else if (expected instanceof SequenceValue scores && actual instanceof SequenceValue answered) {
            return new ScoresDifference(tolerance).find(scores, answered);
        }
        return Optional.of("is a " + actual.getClass().getSimpleName() + ", expected "
                + (expected instanceof Tensor ? "a tensor" : "a sequence of maps"));
    }
}
