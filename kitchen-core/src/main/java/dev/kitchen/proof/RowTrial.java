package dev.kitchen.proof;

import dev.kitchen.compare.RowDifference;
import dev.kitchen.compare.RowsComparison;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Asks a model for some rows, each alone and then together in batches of several sizes and orders. */
final class RowTrial {

    private final ProofRuns runs;
    private final List<NamedValues> rows = new ArrayList<>();
    private final List<NamedValues> alone = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();

    /**
     * Runs each row alone, and keeps those that are answered with finite numbers.
     *
     * @throws RefusedException if an answer cannot be part of a batch's
     */
    RowTrial(ProofRuns runs, List<NamedValues> candidates) {
        this.runs = runs;
        for (NamedValues row : candidates) {
            try {
                NamedValues answer = runs.run("a row alone", row);
                requireOneRow(answer);
                if (isFinite(answer)) {
                    rows.add(row);
                    alone.add(answer);
                }
            } catch (NotReadyException | RefusedException e) {
                throw e;
            } catch (DeadlineExceededException e) {
                throw new RefusedException(String.valueOf(e.getMessage()));
            } catch (KitchenException e) {
                trouble = Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    private static void requireOneRow(NamedValues answer) {
        for (int i = 0; i < answer.size(); i++) {
            Tensor tensor = tensor(answer.name(i), answer.value(i));
            if (tensor.shape().rank() == 0 || tensor.shape().dimension(0) != 1) {
                throw new RefusedException("output '" + answer.name(i) + "' of one row has shape " + tensor.shape()
                        + ", expected one row");
            }
        }
    }

    private static Tensor tensor(String output, Value value) {
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw new RefusedException(
                "output '" + output + "' is a " + value.getClass().getSimpleName() + ", expected a tensor");
    }

    private static boolean isFinite(NamedValues answer) {
        return answer.names().stream().allMatch(name -> RowDifference.isFinite(answer.tensor(name)));
    }

    /** Whether there are two rows or more to compare. */
    boolean isUsable() {
        return rows.size() > 1;
    }

    /** Why a row was not answered; empty if all were. */
    Optional<String> trouble() {
        return trouble;
    }

    /**
     * Compares the rows in batches of 2, of 3 and of as many rows as a batch may have, in different orders.
     *
     * @return an output that is the same for all rows, and so shows nothing; empty if there is none
     * @throws RefusedException if a row is answered otherwise in a batch
     */
    Optional<String> compare(int mostRows) {
        RowsComparison comparison =
                new RowsComparison(rows, alone, inputs -> runs.run("a row alone, slightly changed", inputs));
        for (int size : IntStream.of(2, 3, mostRows).distinct().toArray()) {
            if (size <= mostRows) {
                compare(comparison, order(size, 1));
            }
            if (size < mostRows) {
                compare(comparison, order(size, rows.size() - 1));
            }
        }
        return comparison.constantOutput();
    }

    /** Which row stands where: all of them in turn, forwards with a step of 1 and backwards with one of -1. */
    private int[] order(int size, int step) {
        return IntStream.range(0, size)
                .map(i -> (i * step + size + step) % rows.size())
                .toArray();
    }

    private void compare(RowsComparison comparison, int[] order) {
        NamedValues together;
        try {
            together = runs.run(
                    order.length + " rows at once",
                    NamedValues.joinRows(IntStream.of(order).mapToObj(rows::get).toList()));
        } catch (NotReadyException e) {
            throw e;
        } catch (KitchenException e) {
            throw new RefusedException("it answers rows alone, but not at once: " + e.getMessage());
        }
        for (int i = 0; i < order.length; i++) {
            requireRows(together, order.length, alone.get(order[i]));
            String row = "row " + i + " in a batch of " + order.length;
            comparison.difference(order[i], together.rows(i, 1), row).ifPresent(difference -> {
                throw new RefusedException(difference);
            });
        }
    }

    private static void requireRows(NamedValues together, int rows, NamedValues alone) {
        for (int i = 0; i < together.size(); i++) {
            Tensor all = tensor(together.name(i), together.value(i));
            if (all.shape().rank() == 0 || all.shape().dimension(0) != rows) {
                throw new RefusedException("output '" + together.name(i) + "' of " + rows + " rows has shape "
                        + all.shape() + ", of one row "
                        + alone.tensor(together.name(i)).shape()
                        + ", expected a row for each");
            }
        }
    }

    /** The rows may not be batched; the message says why. */
    static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
