package dev.kitchen.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.proof.RowsProof.BatchLimits;
import dev.kitchen.runtime.Watchdog;
import dev.kitchen.session.SessionContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

/** Which rows are tried, and when they show enough. */
class RowsProofTest {

    private static final RowDependence UNKNOWN = RowDependence.unknown("nobody looked");
    /** Four rows alone, two batches of 2, two of 3 and one of all 4. */
    private static final int RUNS_OF_A_TRIAL = 9;

    private static final int RUNS_ALONE = 4;

    /** Answers each number with itself where it can, and with NaN where it cannot. */
    private static final class Model implements InferenceSession {

        private final Shape shape;
        private final RowDependence dependence;
        private DoublePredicate answers = number -> true;
        private double factor = 1;
        private int runs;

        Model(RowDependence dependence, Shape shape) {
            this.dependence = dependence;
            this.shape = shape;
        }

        Model(RowDependence dependence) {
            this(dependence, Shape.of(-1, 2));
        }

        @Override
        public ModelSignature signature() {
            return ModelSignature.of(
                    List.of(new TensorSpec("x", DataType.FLOAT, shape)),
                    List.of(new TensorSpec("y", DataType.FLOAT, Shape.of(-1, -1))));
        }

        @Override
        public ModelMetadata metadata() {
            return new ModelMetadata("", "", "", "", "", 0, Map.of());
        }

        @Override
        public RowDependence rowDependence() {
            return dependence;
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
            runs++;
            float[] values = inputs.tensor("x").toFloatArray();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (answers.test(values[i]) ? values[i] * factor : Double.NaN);
            }
            return NamedValues.of(
                    "y", Tensor.of(values, inputs.tensor("x").shape().toArray()));
        }

        @Override
        public void close() {}

        Optional<String> refusal(GoldenCase... cases) {
            SessionContext environment = new SessionContext(
                    () -> 0,
                    new Watchdog(() -> 0, Duration.ofDays(1), "rows-proof-watchdog"),
                    new SafeListener(List.of()));
            return new RowsProof(this, List.of(cases), new BatchLimits(4, 1 << 20), Duration.ofDays(1), environment)
                    .refusal();
        }
    }

    @Test
    void aModelOfWhichNothingIsKnownIsTriedWithRowsOfAllMagnitudes() {
        Model model = new Model(UNKNOWN);

        assertThat(model.refusal()).isEmpty();
        assertThat(model.runs).isEqualTo(3 * RUNS_OF_A_TRIAL);
    }

    @Test
    void rowsOfTwoMagnitudesAreEnough() {
        Model model = new Model(UNKNOWN);
        model.answers = number -> Math.abs(number) <= 30;

        assertThat(model.refusal()).isEmpty();
    }

    @Test
    void theSmallestRowsCountWhereOneMagnitudeIsMissing() {
        Model model = new Model(UNKNOWN);
        model.answers = number -> number >= 0 && number <= 1;

        assertThat(model.refusal()).isEmpty();
    }

    @Test
    void rowsThatAreAllAnsweredAlikeShowNothing() {
        Model model = new Model(UNKNOWN);
        model.factor = 0;

        assertThat(model.refusal())
                .contains("it is not shown that its rows are independent: output 'y' is the same for all rows made up,"
                        + " and the structure of the model does not tell: nobody looked; golden cases of two or more"
                        + " different rows would show it");
        assertThat(model.runs).as("7 kinds of rows").isEqualTo(7 * RUNS_OF_A_TRIAL);
    }

    @Test
    void aModelThatIsKnownIsTriedUntilSomeRowsShowSomething() {
        Model model = new Model(RowDependence.independent());
        assertThat(model.refusal()).isEmpty();
        assertThat(model.runs).isEqualTo(RUNS_OF_A_TRIAL);

        Model constant = new Model(RowDependence.independent());
        constant.factor = 0;
        assertThat(constant.refusal()).isEmpty();
        assertThat(constant.runs).isEqualTo(4 * RUNS_OF_A_TRIAL);

        Model small = new Model(RowDependence.independent(), Shape.of(-1, -1));
        small.answers = number -> number >= 0 && number <= 1;
        assertThat(small.refusal()).isEmpty();
        assertThat(small.runs).as("of the first size only").isLessThan(4 * RUNS_OF_A_TRIAL);
    }

    @Test
    void otherDynamicDimensionsAreTriedInSeveralSizes() {
        Model model = new Model(RowDependence.independent(), Shape.of(-1, -1));
        model.answers = number -> false;

        assertThat(model.refusal()).isEmpty();
        assertThat(model.runs).as("4 kinds of rows in 3 sizes").isEqualTo(3 * 4 * RUNS_ALONE);
    }

    @Test
    void goldenCasesShowWhatMadeUpRowsDoNot() {
        Model model = new Model(UNKNOWN);
        model.answers = number -> number == 7_000 || number == 8_000;
        NamedValues rows = NamedValues.of("x", Tensor.of(new float[] {7_000, 8_000, 8_000, 7_000}, 2, 2));

        assertThat(model.refusal(GoldenCase.of("c", rows, NamedValues.of("y", rows.tensor("x")))))
                .isEmpty();
        assertThat(model.refusal()).isPresent();
    }

    @Test
    void aScalarHasNoRows() {
        assertThat(new Model(UNKNOWN, Shape.SCALAR).refusal())
                .contains("its signature has 'x: FLOAT []', expected a tensor with a dynamic first dimension");
        assertThat(new Model(UNKNOWN, Shape.of(2, -1)).refusal())
                .contains("its signature has 'x: FLOAT [2, -1]', expected a tensor with a dynamic first dimension");
    }

    @Test
    void aBatchHasAsManyRowsAsFitIntoItsBytesAndTwoAtLeast() {
        NamedValues row = NamedValues.of("x", Tensor.of(new float[25], 1, 25));

        assertThat(new BatchLimits(32, 1_000).rows(row)).isEqualTo(10);
        assertThat(new BatchLimits(8, 1_000).rows(row)).isEqualTo(8);
        assertThat(new BatchLimits(8, 10).rows(row)).isEqualTo(2);
        assertThat(new BatchLimits(8, 1_000).rows(NamedValues.of(Map.of()))).isEqualTo(8);
    }
}
