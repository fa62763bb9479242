package dev.kitchen.proof;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a version was asked to prove, and what came of it.
 *
 * @param place the version, as the beginning of a message
 * @param steps in the order they were taken; those after the first that did not pass were not
 * @param latency how long one answer took, where that was measured
 */
public record ProofReport(String place, List<Step> steps, Optional<Duration> latency) {

    /** What came of a step. */
    public enum Outcome {
        /** It is as it should be. */
        PASSED,
        /** It is not, and was passed over because that was asked for. */
        FORCED,
        /** Nobody could tell, for want of inputs that the model takes. */
        UNPROVED,
        /** It is not as it should be. */
        FAILED
    }

    /**
     * One thing to prove.
     *
     * @param name {@code expected signature}, {@code current signature}, {@code golden cases}, {@code trial run} or
     *     {@code latency}
     * @param words what was found
     */
    public record Step(String name, Outcome outcome, String words) {

        boolean passed() {
            return outcome == Outcome.PASSED || outcome == Outcome.FORCED;
        }

        /** The same step, passed over where it did not pass and that was asked for. */
        Step forcedIf(boolean force) {
            return force && !passed() ? new Step(name, Outcome.FORCED, words) : this;
        }
    }

    public ProofReport {
        steps = List.copyOf(steps);
    }

    /** Whether the version may serve. */
    public boolean passed() {
        return steps.stream().allMatch(Step::passed);
    }

    /** Why the version may not serve, with its place; empty if it may. */
    public String reason() {
        return steps.stream()
                .filter(it -> !it.passed())
                .findFirst()
                .map(it -> place + ": " + it.words())
                .orElse("");
    }

    /** What was passed over because that was asked for, for a warning. */
    public List<String> forced() {
        return steps.stream()
                .filter(it -> it.outcome() == Outcome.FORCED)
                .map(it -> place + ": " + it.words())
                .toList();
    }
}
