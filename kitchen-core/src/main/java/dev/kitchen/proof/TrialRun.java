package dev.kitchen.proof;

import dev.kitchen.compare.BatchRows;
import dev.kitchen.compare.NeutralInputs;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.proof.ProofReport.Outcome;
import dev.kitchen.proof.ProofReport.Step;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.Optional;

/** Asks a model that nobody knows answers of whether it answers at all, with inputs made up from its signature. */
final class TrialRun {

    private static final String NAME = "trial run";

    private final ModelSignature signature;
    private final ProofRuns runs;
    private final List<Integer> batchSizes;
    private Optional<NamedValues> answered = Optional.empty();

    TrialRun(ModelSignature signature, ProofRuns runs, List<Integer> batchSizes) {
        this.signature = signature;
        this.runs = runs;
        this.batchSizes = batchSizes;
    }

    /** Inputs that the model has answered. */
    Optional<NamedValues> answered() {
        return answered;
    }

    /** One run, and one in each size. Has failed only if the model has, whatever it was asked. */
    Step run() {
        Step first = run(NeutralInputs.FIRST);
        if (first.passed() || !NeutralInputs.haveSecond(signature)) {
            return first;
        }
        Step second = run(NeutralInputs.SECOND);
        return second.passed() || first.outcome() == Outcome.FAILED ? second : first;
    }

    private Step run(NeutralInputs neutral) {
        try {
            NamedValues inputs = neutral.of(signature);
            runs.run("a run with made-up inputs", inputs);
            batches(inputs);
            answered = Optional.of(inputs);
            return new Step(NAME, Outcome.PASSED, "made-up inputs answered, batch sizes " + batchSizes);
        } catch (InvalidRequestException e) {
            return new Step(
                    NAME,
                    Outcome.UNPROVED,
                    "it has no golden cases, and what could be made up does not fit: " + e.getMessage());
        } catch (NotReadyException e) {
            throw e;
        } catch (KitchenException e) {
            return new Step(NAME, Outcome.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void batches(NamedValues inputs) {
        for (int size : batchSizes) {
            if (BatchRows.count(inputs).orElse(0) != size) {
                String what = "made-up inputs in a batch of " + size;
                BatchRows.refusal(signature, inputs).ifPresent(it -> {
                    throw new InferenceException(what + ": " + it);
                });
                runs.run(what, BatchRows.repeat(inputs, size));
            }
        }
    }
}
