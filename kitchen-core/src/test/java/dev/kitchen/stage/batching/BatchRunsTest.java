package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the members of a batch, whatever the model does with it. */
@Timeout(60)
class BatchRunsTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "x");
    private static final BatchingConfig BATCHING =
            BatchingConfig.builder().concurrentRuns(100).checkedShare(1).build();

    private final AtomicLong now = new AtomicLong(1_000);
    private final List<Integer> rowsRun = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<Integer> checked = new ArrayList<>();
    private final AtomicBoolean refused = new AtomicBoolean();
    private Runnable onRefusal = () -> {};
    /** What the model answers to the rows of a run. */
    private Function<NamedValues, NamedValues> model = inputs -> inputs;

    private final BatchQueue queue = new BatchQueue(BATCHING, BatchSize.of(BATCHING), now::get, () -> true);
    private final BatchRuns runs = new BatchRuns(
            this::run,
            ARTIFACT,
            queue,
            BatchSize.of(BATCHING),
            now::get,
            new BatchReport(ARTIFACT, new SafeListener(List.of()), rows -> {}),
            new BatchSampling(1, (requests, answers, mismatch) -> checked.add(requests.size()), difference -> {}),
            this::refuse,
            refused::get);

    private Prediction run(PredictionRequest request, CallContext context) {
        rowsRun.add(request.inputs().rowCount());
        context.ranFor(7);
        return new Prediction("m", "1", model.apply(request.inputs()), 0);
    }

    private void refuse(String reason) {
        refusals.add(reason);
        onRefusal.run();
    }

    private static NamedValues rows(int rows) {
        return NamedValues.of("x", Tensor.of(new float[rows], rows, 1));
    }

    private List<Member> served(int count) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CallContext context = new CallContext(now.get() - 600, CallContext.NO_DEADLINE);
            members.add(new Member(PredictionRequest.of(rows(1).toMap()), context, 1, 0));
            queue.add(members.get(i));
        }
        runs.serve(queue.take().orElseThrow());
        return members;
    }

    private static void areAnswered(List<Member> members) {
        assertThat(members)
                .allSatisfy(it -> assertThat(it.result("m").outputs()).isEqualTo(rows(1)));
    }

    private void modelFailsOn(int leastRows, RuntimeException failure) {
        model = inputs -> {
            if (inputs.rowCount() >= leastRows) {
                throw failure;
            }
            return inputs;
        };
    }

    @Test
    void eachMemberGetsItsRowsAndKnowsHowLongItTook() {
        List<Member> members = served(3);

        areAnswered(members);
        assertThat(rowsRun).containsExactly(3);
        assertThat(checked).containsExactly(3);
        assertThat(members).allSatisfy(it -> {
            assertThat(it.result("m").durationNanos()).isEqualTo(600);
            assertThat(it.context().runNanos()).isEqualTo(7);
        });
    }

    @Test
    void whatRunsAloneMayAnswerAnythingAndIsNotChecked() {
        NamedValues scalar = NamedValues.of("y", Tensor.of(new double[] {1}));
        model = inputs -> scalar;

        assertThat(served(1).get(0).result("m").outputs()).isEqualTo(scalar);
        assertThat(checked).isEmpty();
        assertThat(refusals).isEmpty();
    }

    @Test
    void anAnswerWithoutARowForEachIsGivenToNobody() {
        NamedValues scalar = NamedValues.of("y", Tensor.of(new double[] {1}));
        model = inputs -> inputs.rowCount() > 1 ? scalar : inputs;

        areAnswered(served(2));
        assertThat(refusals).containsExactly("output 'y' of 2 rows is [], expected a row for each");
        assertThat(rowsRun).containsExactly(2, 1, 1);
    }

    @Test
    void aBatchThatIsRefusedMeanwhileIsRunOneByOne() {
        refused.set(true);

        areAnswered(served(3));
        assertThat(rowsRun).containsExactly(1, 1, 1);
    }

    @Test
    void whatMayBeOneMembersFaultIsHalved() {
        for (RuntimeException failure : List.of(
                new InvalidRequestException("wrong"),
                new InferenceException("broken"),
                new CancelledException("by a runtime"),
                new IllegalStateException("of a runtime"))) {
            rowsRun.clear();
            modelFailsOn(2, failure);

            areAnswered(served(4));
            assertThat(rowsRun).containsExactly(4, 2, 1, 1, 2, 1, 1);
        }
    }

    @Test
    void whatRefusesRunsFailsAllAtOnce() {
        modelFailsOn(1, new NotReadyException("closed"));

        List<Member> members = served(4);

        assertThat(rowsRun).containsExactly(4);
        assertThat(members)
                .allSatisfy(it -> assertThatThrownBy(() -> it.result("m")).isInstanceOf(NotReadyException.class));
    }

    @Test
    void aRunThatIsStoppedIsNotHalved() {
        List<Member> members = new ArrayList<>();
        model = inputs -> {
            members.get(0).run().context().stop(StopReason.CANCELLED);
            throw new InferenceException("stopped");
        };
        for (int i = 0; i < 2; i++) {
            members.add(new Member(
                    PredictionRequest.of(rows(1).toMap()), new CallContext(0, CallContext.NO_DEADLINE), 1, 0));
            queue.add(members.get(i));
        }

        runs.serve(queue.take().orElseThrow());

        assertThat(rowsRun).containsExactly(2);
        assertThat(members).allMatch(Member::hasFailed);
    }

    @Test
    void runsOfHalvesEndForThoseWhoLeaveThem() throws Exception {
        modelFailsOn(2, new InferenceException("broken"));
        List<Member> members = served(2);

        FutureTask<Boolean> leaving = new FutureTask<>(() -> queue.leave(members.get(0)));
        Thread thread = new Thread(leaving);
        thread.setDaemon(true);
        thread.start();

        assertThat(leaving.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void threeBatchesInARowThatFailThoughTheirRequestsDoNotAreTooMany() {
        modelFailsOn(2, new InferenceException("too many"));

        areAnswered(served(2));
        areAnswered(served(2));
        areAnswered(served(1));
        assertThat(refusals).isEmpty();
        areAnswered(served(2));

        assertThat(refusals).containsExactly("batches fail whose requests do not fail alone: too many");
    }

    @Test
    void aBatchThatIsAnsweredBeginsTheCountAgain() {
        modelFailsOn(3, new InferenceException("too many"));
        for (int i = 0; i < 5; i++) {
            areAnswered(served(3));
            areAnswered(served(2));
        }

        assertThat(refusals).isEmpty();
    }

    @Test
    void aBatchWithARequestThatFailsAloneIsNoPuzzle() {
        modelFailsOn(1, new InferenceException("broken"));
        for (int i = 0; i < 5; i++) {
            served(1);
            served(2);
        }

        assertThat(refusals).isEmpty();
    }

    @Test
    void membersKeepTheirAnswersWhereTheRefusalFails() {
        modelFailsOn(2, new InferenceException("too many"));
        onRefusal = () -> {
            throw new IllegalStateException("nobody can be told");
        };
        areAnswered(served(2));
        areAnswered(served(2));

        areAnswered(served(2));
        assertThat(refusals).hasSize(1);
    }

    @Test
    void membersWithoutAnAnswerFailWhereTheRefusalFails() {
        model = inputs -> NamedValues.of(Map.of("y", Tensor.of(new double[] {1})));
        onRefusal = () -> {
            throw new IllegalStateException("nobody can be told");
        };

        assertThat(served(2)).allMatch(Member::hasFailed);
    }
}
