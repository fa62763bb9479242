package dev.kitchen.stage.batching;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches and gives each member its rows. A batch that fails is halved and run again, so that a request that the
 * model cannot take fails alone.
 */
final class BatchRuns {

    /** So many batches in a row that fail, though none of their members does, are the model's way and no accident. */
    private static final int TOO_MANY_PUZZLES = 3;

    private final Predictor next;
    private final VersionIdentity artifact;
    private final BatchQueue queue;
    private final BatchSize size;
    private final Ticker ticker;
    private final BatchReport report;
    private final BatchSampling sampling;
    private final Consumer<String> refuse;
    private final BooleanSupplier isRefused;
    private final AtomicInteger puzzles = new AtomicInteger();

    BatchRuns(
            Predictor next,
            VersionIdentity artifact,
            BatchQueue queue,
            BatchSize size,
            Ticker ticker,
            BatchReport report,
            BatchSampling sampling,
            Consumer<String> refuse,
            BooleanSupplier isRefused) {
        this.next = next;
        this.artifact = artifact;
        this.queue = queue;
        this.size = size;
        this.ticker = ticker;
        this.report = report;
        this.sampling = sampling;
        this.refuse = refuse;
        this.isRefused = isRefused;
    }

    /** Answers all members of a run that the queue gave out, or fails them. */
    void serve(SharedRun run) {
        try {
            if (run.members().size() > 1 && isRefused.getAsBoolean()) {
                run.end();
                run.members().forEach(it -> again(List.of(it)));
                return;
            }
            Throwable failure = attempt(run);
            if (failure != null) {
                apart(run, failure);
                notePuzzle(run, failure);
            } else if (run.members().size() > 1) {
                puzzles.set(0);
            }
        } catch (Throwable e) {
            run.members().stream().filter(it -> !it.isDone()).forEach(it -> it.fail(e));
        } finally {
            run.end();
            queue.ranBefore();
        }
    }

    /** One run; returns why its members have no answers, or null if they have. */
    private @Nullable Throwable attempt(SharedRun run) {
        try {
            List<Member> members = run.members();
            int rows = members.stream().mapToInt(Member::rows).sum();
            NamedValues outputs = timed(run, joined(members), rows).outputs();
            if (members.size() > 1) {
                requireRows(outputs, rows);
            }
            List<NamedValues> answers = answer(members, outputs);
            if (members.size() > 1) {
                sampling.ran(members, answers);
            }
            return null;
        } catch (Throwable e) {
            return e;
        } finally {
            run.end();
        }
    }

    private Prediction timed(SharedRun run, PredictionRequest request, int rows) {
        long start = ticker.nanoTime();
        Object begun = report.begin();
        Prediction prediction;
        try {
            prediction = next.predict(request, run.context());
        } finally {
            run.members().forEach(it -> it.context().ranFor(run.context().runNanos()));
        }
        long nanos = ticker.nanoTime() - start;
        size.record(rows, nanos);
        report.ran(
                rows,
                run.members().stream().mapToInt(it -> it.context().calls()).sum(),
                nanos,
                begun);
        return prediction;
    }

    private static PredictionRequest joined(List<Member> members) {
        if (members.size() == 1) {
            return members.get(0).request();
        }
        List<NamedValues> inputs = new ArrayList<>(members.size());
        members.forEach(it -> inputs.add(it.request().inputs()));
        return members.get(0).request().withInputs(NamedValues.joinRows(inputs));
    }

    private static void requireRows(NamedValues outputs, int rows) {
        for (int i = 0; i < outputs.size(); i++) {
            boolean fits = outputs.value(i) instanceof Tensor tensor
                    && tensor.shape().rank() > 0
                    && tensor.shape().dimension(0) == rows;
            if (!fits) {
                throw new NotInRowsException("output '" + MessageText.of(outputs.name(i)) + "' of " + rows + " rows is "
                        + (outputs.value(i) instanceof Tensor tensor ? tensor.shape() : "no tensor")
                        + ", expected a row for each");
            }
        }
    }

    private List<NamedValues> answer(List<Member> members, NamedValues outputs) {
        List<NamedValues> parts = new ArrayList<>(members.size());
        int from = 0;
        for (Member member : members) {
            parts.add(members.size() == 1 ? outputs : outputs.rows(from, member.rows()));
            from += member.rows();
        }
        long now = ticker.nanoTime();
        for (int i = 0; i < parts.size(); i++) {
            Member member = members.get(i);
            long nanos = now - member.context().startNanos();
            member.answer(new Prediction(artifact.model(), artifact.version(), parts.get(i), nanos));
        }
        return parts;
    }

    private void apart(SharedRun run, Throwable failure) {
        List<Member> members = run.members();
        if (failure instanceof NotInRowsException) {
            refuse.accept(String.valueOf(failure.getMessage()));
            members.forEach(it -> again(List.of(it)));
        } else if (members.size() == 1 || run.context().isStopped() || !mayBeOneMembers(failure)) {
            members.forEach(it -> it.fail(failure));
        } else {
            again(members.subList(0, members.size() / 2));
            again(members.subList(members.size() / 2, members.size()));
        }
    }

    private void again(List<Member> members) {
        Optional<SharedRun> run = queue.begin(members);
        if (run.isPresent()) {
            Throwable failure = attempt(run.get());
            if (failure != null) {
                apart(run.get(), failure);
            }
        }
    }

    /** Whether it may be due to a request; what refuses or ends runs would do so again. */
    private static boolean mayBeOneMembers(Throwable failure) {
        return failure instanceof InvalidRequestException
                || failure instanceof InferenceException
                || failure instanceof CancelledException
                || !(failure instanceof KitchenException);
    }

    private void notePuzzle(SharedRun run, Throwable failure) {
        List<Member> members = run.members();
        boolean puzzle = members.size() > 1 && members.stream().allMatch(it -> it.isDone() && !it.hasFailed());
        if (puzzle && puzzles.incrementAndGet() >= TOO_MANY_PUZZLES) {
            refuse.accept("batches fail whose requests do not fail alone: " + failure.getMessage());
        }
    }

    /** An answer that cannot be given to its members, as nobody knows which part is whose. */
    private static final class NotInRowsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotInRowsException(String message) {
            super(message, null, false, false);
        }
    }
}
