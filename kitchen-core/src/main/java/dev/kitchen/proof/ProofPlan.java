package dev.kitchen.proof;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.ModelSignature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a version has to prove before it serves.
 *
 * @param expected what it is to take and return, as its bundle says
 * @param current what the version takes and returns that serves now
 * @param goldenCases questions whose answers are known
 * @param batchSizes how many rows at a time it is to answer
 * @param latencyBudget how long one answer may take
 * @param runLimit how long any one run may take before it is stopped; longer than zero
 * @param force passes over a signature other than the current one's, a latency beyond the budget, and runs that nobody
 *     knows the inputs for; never over a golden case
 */
public record ProofPlan(
        Optional<ModelSignature> expected,
        Optional<ModelSignature> current,
        List<GoldenCase> goldenCases,
        List<Integer> batchSizes,
        Optional<Duration> latencyBudget,
        Duration runLimit,
        boolean force) {

    public ProofPlan {
        goldenCases = List.copyOf(goldenCases);
        batchSizes = List.copyOf(batchSizes);
    }

    /** The plan for a plain file that replaces nothing: one run with made-up inputs. */
    public static ProofPlan ofPlainFile(Duration runLimit) {
        return new ProofPlan(
                Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty(), runLimit, false);
    }
}
