package dev.kitchen.proof;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.proof.ProofReport.Outcome;
import dev.kitchen.proof.ProofReport.Step;
import dev.kitchen.session.SessionContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Proves a loaded version before it serves: it takes and returns what it should, gives known answers to known questions,
 * alone and in batches, or at least answers at all, and does so in time. What runs for that is also its warm-up. Leaves
 * the session to its owner.
 */
public final class VersionProof {

    private static final int LATENCY_RUNS = 7;

    private final String place;
    private final ModelSignature signature;
    private final ProofPlan plan;
    private final ProofRuns runs;
    /** Inputs that the model has answered, once there are some. */
    private @Nullable NamedValues answered;

    private Optional<Duration> latency = Optional.empty();

    /**
     * A proof that has not begun.
     *
     * @param place the version, as the beginning of a message
     * @param session nobody else runs or closes it meanwhile
     */
    public VersionProof(String place, InferenceSession session, ProofPlan plan, SessionContext environment) {
        this.place = place;
        this.signature = session.signature();
        this.plan = plan;
        this.runs = new ProofRuns(session, plan.runLimit(), environment);
    }

    /**
     * Takes the steps of the plan, on this thread, up to the first that does not pass. To be called once.
     *
     * @throws NotReadyException if somebody stopped it
     */
    public ProofReport run() {
        try (runs) {
            List<Step> steps = new ArrayList<>();
            List<Supplier<Optional<Step>>> all =
                    List.of(this::expectedSignature, this::currentSignature, this::answers, this::latency);
            for (Supplier<Optional<Step>> next : all) {
                Optional<Step> step = next.get();
                step.ifPresent(steps::add);
                if (step.isPresent() && !step.get().passed()) {
                    break;
                }
            }
            return new ProofReport(place, steps, latency);
        }
    }

    /** Stops the run under way, and with it the proof. Any thread may do that, at any time. */
    public void stop() {
        runs.stop();
    }

    private Optional<Step> expectedSignature() {
        return plan.expected()
                .map(it -> signature(
                        "expected signature",
                        "its signature is not the one its bundle names",
                        SignatureChange.fromExpected(it, signature)));
    }

    private Optional<Step> currentSignature() {
        return plan.current()
                .map(it -> signature(
                                "current signature",
                                "its signature breaks callers of the current version",
                                SignatureChange.between(it, signature))
                        .forcedIf(plan.force()));
    }

    private static Step signature(String name, String problem, SignatureChange change) {
        return change.isCompatible()
                ? new Step(name, Outcome.PASSED, "compatible")
                : new Step(name, Outcome.FAILED, problem + ": " + String.join("; ", change.problems()));
    }

    private Optional<Step> answers() {
        return Optional.of(plan.goldenCases().isEmpty() ? trial() : golden());
    }

    private Step golden() {
        String name = "golden cases";
        try {
            for (GoldenCase golden : plan.goldenCases()) {
                GoldenReplay replay = new GoldenReplay(signature, runs, golden);
                replay.run(plan.batchSizes());
                answered = answered == null ? replay.inputs() : answered;
            }
        } catch (NotReadyException e) {
            throw e;
        } catch (KitchenException e) {
            return new Step(name, Outcome.FAILED, String.valueOf(e.getMessage()));
        }
        return new Step(
                name, Outcome.PASSED, plan.goldenCases().size() + " replayed, batch sizes " + plan.batchSizes());
    }

    private Step trial() {
        TrialRun trial = new TrialRun(signature, runs, plan.batchSizes());
        Step step = trial.run();
        answered = trial.answered().orElse(null);
        return step.outcome() == Outcome.UNPROVED ? step.forcedIf(plan.force()) : step;
    }

    private Optional<Step> latency() {
        return plan.latencyBudget().map(this::latency);
    }

    private Step latency(Duration budget) {
        String name = "latency";
        NamedValues inputs = answered;
        if (inputs == null) {
            return new Step(name, Outcome.UNPROVED, "its latency is not known, for want of inputs that it takes")
                    .forcedIf(plan.force());
        }
        long[] nanos = new long[LATENCY_RUNS];
        try {
            Arrays.setAll(nanos, it -> runs.time("a run to measure its latency", inputs));
        } catch (NotReadyException e) {
            throw e;
        } catch (KitchenException e) {
            return new Step(name, Outcome.FAILED, String.valueOf(e.getMessage()));
        }
        Arrays.sort(nanos);
        Duration median = Duration.ofNanos(nanos[LATENCY_RUNS / 2]);
        latency = Optional.of(median);
        Outcome outcome = median.compareTo(budget) <= 0 ? Outcome.PASSED : Outcome.FAILED;
        return new Step(name, outcome, "its latency is " + millis(median) + ", expected at most " + millis(budget))
                .forcedIf(plan.force());
    }

    private static String millis(Duration duration) {
        return duration.toNanos() / 1_000_000.0 + " ms";
    }
}
