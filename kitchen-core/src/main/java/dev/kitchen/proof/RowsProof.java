package dev.kitchen.proof;

import dev.kitchen.compare.MadeUpRows;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.proof.RowTrial.RefusedException;
import dev.kitchen.session.SessionContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RowDependence.Kind;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds out whether a version answers a row in a batch as it answers that row alone. A dynamic first dimension does not
 * tell: it may as well be the length of a sequence.
 *
 * <p>Where the backend knows that rows are independent, a trial only has to find no difference. Where it does not know, the
 * trial has to show it: with the golden cases of the bundle, or with made-up rows of two magnitudes, rows have to be
 * answered with finite numbers that differ from row to row in every output, and alike in all batches.
 */
public final class RowsProof {

    /** How many rows of one kind are asked for alone. */
    private static final int ROWS = 4;

    /** How many magnitudes of made-up rows have to show that rows are independent. */
    private static final int MAGNITUDES = 2;

    /** Sizes to try for dynamic dimensions other than the first. */
    private static final List<Integer> OTHER_SIZES = List.of(3, 1, 64);

    private final InferenceSession session;
    private final ModelSignature signature;
    private final List<GoldenCase> cases;
    private final BatchLimits limits;
    private final ProofRuns runs;
    private String trouble = "no inputs are known that it answers";

    /**
     * How large batches get.
     *
     * @param items the most rows of a batch
     * @param bytes the most bytes of a batch's inputs
     */
    public record BatchLimits(int items, long bytes) {

        int rows(NamedValues row) {
            long rowBytes = 0;
            for (int i = 0; i < row.size(); i++) {
                rowBytes += row.value(i) instanceof Tensor tensor ? tensor.sizeBytes() : 0;
            }
            return (int) Math.min(items, Math.max(2, bytes / Math.max(1, rowBytes)));
        }
    }

    /**
     * A proof that has not begun.
     *
     * @param session nobody else runs or closes it meanwhile
     * @param cases whose inputs are used where there are any
     */
    public RowsProof(
            InferenceSession session,
            List<GoldenCase> cases,
            BatchLimits limits,
            Duration runLimit,
            SessionContext environment) {
        this.session = session;
        this.signature = session.signature();
        this.cases = List.copyOf(cases);
        this.limits = limits;
        this.runs = new ProofRuns(session, runLimit, environment);
    }

    /**
     * Why the version's rows may not be batched; empty if they may. Runs on this thread; to be called once.
     *
     * @throws NotReadyException if the proof was stopped
     */
    public Optional<String> refusal() {
        try (runs) {
            Optional<String> signatures = signatureRefusal();
            return signatures.isPresent() ? signatures : rowsRefusal(session.rowDependence());
        } catch (RefusedException e) {
            return Optional.of(e.reason());
        }
    }

    /** Stops the run under way, and with it the proof. Any thread may do that, at any time. */
    public void stop() {
        runs.stop();
    }

    private Optional<String> signatureRefusal() {
        if (signature.inputs().isEmpty()) {
            return Optional.of("it has no inputs, expected one with rows");
        }
        return Stream.of(signature.inputs(), signature.defaultedInputs(), signature.outputs())
                .flatMap(List::stream)
                .filter(it -> !mayHaveRows(it))
                .findFirst()
                .map(it -> "its signature has '" + it + "', expected a tensor with a dynamic first dimension");
    }

    private static boolean mayHaveRows(ValueSpec spec) {
        return spec instanceof TensorSpec tensor
                && (!tensor.shape().isRankKnown()
                        || tensor.shape().rank() > 0 && tensor.shape().dimension(0) == Shape.DYNAMIC);
    }

    private Optional<String> rowsRefusal(RowDependence dependence) {
        if (dependence.kind() == Kind.MIXES) {
            return Optional.of("its rows depend on one another: " + dependence.reason());
        }
        if (limits.items() == 1) {
            return Optional.empty();
        }
        boolean known = dependence.kind() == Kind.INDEPENDENT;
        boolean shown = golden();
        shown |= known ? anyMadeUp() : madeUp();
        return shown || known
                ? Optional.empty()
                : Optional.of("it is not shown that its rows are independent: " + trouble
                        + ", and the structure of the model does not tell: " + dependence.reason()
                        + "; golden cases of two or more different rows would show it");
    }

    private boolean golden() {
        try {
            List<NamedValues> rows = GoldenRows.of(cases, signature, ROWS);
            return !rows.isEmpty() && shows(rows, "of the golden cases");
        } catch (InvalidRequestException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    /** Compares made-up rows of all magnitudes; true if enough of them show that rows are independent. */
    private boolean madeUp() {
        return otherSizes().stream().anyMatch(size -> {
            int shown = 0;
            for (int i = 0; i < MadeUpRows.MAGNITUDES; i++) {
                shown += shows(MadeUpRows.of(i, false, size)) || shows(MadeUpRows.of(i, true, size)) ? 1 : 0;
            }
            shown += shown < MAGNITUDES && shows(MadeUpRows.smallest(size)) ? 1 : 0;
            return shown >= MAGNITUDES;
        });
    }

    /** Compares made-up rows until some show something. */
    private boolean anyMadeUp() {
        return otherSizes().stream()
                .anyMatch(size ->
                        IntStream.range(0, MadeUpRows.MAGNITUDES).anyMatch(i -> shows(MadeUpRows.of(i, false, size)))
                                || shows(MadeUpRows.smallest(size)));
    }

    private List<Integer> otherSizes() {
        return MadeUpRows.haveOtherSizes(signature) ? OTHER_SIZES : List.of(1);
    }

    private boolean shows(MadeUpRows kind) {
        try {
            return shows(kind.of(signature, ROWS), "made up");
        } catch (InvalidRequestException e) {
            trouble = String.valueOf(e.getMessage());
            return false;
        }
    }

    private boolean shows(List<NamedValues> candidates, String origin) {
        RowTrial trial = new RowTrial(runs, candidates);
        if (!trial.isUsable()) {
            trouble = trial.trouble().orElse("rows " + origin + " are not answered with finite numbers");
            return false;
        }
        Optional<String> constant = trial.compare(limits.rows(candidates.get(0)));
        constant.ifPresent(output -> trouble = "output '" + output + "' is the same for all rows " + origin);
        return constant.isEmpty();
    }
}
