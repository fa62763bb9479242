package dev.kitchen.serving;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds out whether a version answers a row in a batch as it answers that row alone. A dynamic first dimension does not
 * tell: it may as well be the length of a sequence.
 */
public final class RowsProof {

    private static final int ROWS = 3;

    private final ModelSignature signature;
    private final List<GoldenCase> cases;
    private final ProofRuns runs;

    /**
     * A proof that has not begun.
     *
     * @param session nobody else runs or closes it meanwhile
     * @param cases whose inputs are used where there are any
     */
    public RowsProof(
            InferenceSession session, List<GoldenCase> cases, Duration runLimit, ServedModel.Environment environment) {
        this.signature = session.signature();
        this.cases = List.copyOf(cases);
        this.runs = new ProofRuns(session, runLimit, environment);
    }

    /**
     * Why the version's rows may not be batched; empty if they may. Runs on this thread; to be called once.
     *
     * @throws NotReadyException if somebody stopped it
     */
    public Optional<String> refusal() {
        try (runs) {
            Optional<String> signatures = signatureRefusal();
            return signatures.isPresent() ? signatures : compared();
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

    /** Compares with the first inputs that the model takes. */
    private Optional<String> compared() {
        String trouble = "nobody knows inputs that it takes";
        for (Supplier<List<NamedValues>> candidate : candidates()) {
            try {
                List<NamedValues> rows = candidate.get();
                List<NamedValues> alone = new ArrayList<>();
                for (NamedValues row : rows) {
                    alone.add(runs.run("a row alone", row));
                }
                return difference(rows, alone);
            } catch (NotReadyException e) {
                throw e;
            } catch (KitchenException e) {
                trouble = "its rows cannot be compared: " + e.getMessage();
            }
        }
        return Optional.of(trouble);
    }

    private List<Supplier<List<NamedValues>>> candidates() {
        List<Supplier<List<NamedValues>>> candidates = new ArrayList<>();
        List<NamedValues> golden = goldenRows();
        if (!golden.isEmpty()) {
            candidates.add(() -> DistinctRows.of(golden, ROWS));
        }
        for (NeutralInputs neutral : NeutralInputs.values()) {
            candidates.add(() -> DistinctRows.around(neutral.of(signature), ROWS));
            candidates.add(() -> Collections.nCopies(ROWS, neutral.of(signature)));
        }
        return candidates;
    }

    /** Single rows of the golden cases, as far as they can be put together. */
    private List<NamedValues> goldenRows() {
        List<NamedValues> rows = new ArrayList<>();
        for (GoldenCase golden : cases) {
            NamedValues inputs = new InputBinding("golden case '" + golden.name() + "'", signature)
                    .bind(PredictionRequest.of(golden.inputs(), CallOptions.defaults()));
            for (int i = 0; i < inputs.rowCount() && rows.size() < ROWS; i++) {
                NamedValues row = inputs.rows(i, 1);
                if (rows.isEmpty() || rows.get(0).joinsWith(row)) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private Optional<String> difference(List<NamedValues> rows, List<NamedValues> alone) {
        NamedValues together;
        try {
            together = runs.run(rows.size() + " rows at once", NamedValues.joinRows(rows));
        } catch (NotReadyException e) {
            throw e;
        } catch (KitchenException e) {
            return Optional.of("it answers rows alone, but not at once: " + e.getMessage());
        }
        for (int i = 0; i < rows.size(); i++) {
            for (String name : together.names()) {
                Optional<String> difference = difference(name, i, together, alone.get(i));
                if (difference.isPresent()) {
                    return difference;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> difference(String name, int row, NamedValues together, NamedValues alone) {
        String output = "output '" + name + "' ";
        Tensor all = tensor(output, together.value(name));
        Tensor single = tensor(output, alone.value(name));
        if (all.shape().rank() == 0 || all.shape().dimension(0) != ROWS || !hasOneRow(single)) {
            return Optional.of(output + "of " + ROWS + " rows has shape " + all.shape() + ", of one row "
                    + single.shape() + ", expected a row for each");
        }
        return RowDifference.find(single, all.rows(row, 1))
                .map(it -> output + "of row " + row + " in a batch is not what it is alone: " + it);
    }

    private static boolean hasOneRow(Tensor tensor) {
        return tensor.shape().rank() > 0 && tensor.shape().dimension(0) == 1;
    }

    private static Tensor tensor(String output, Value value) {
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw new InferenceException(output + "is a " + value.getClass().getSimpleName() + ", expected a tensor");
    }
}
