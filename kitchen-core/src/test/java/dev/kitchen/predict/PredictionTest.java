package dev.kitchen.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PredictionTest {

    private static final NamedValues OUTPUTS = NamedValues.of("score", Tensor.of(new float[] {1}, 1));

    private final Prediction answer = new Prediction("fraud", "7", OUTPUTS, 5);

    @Test
    void anAnswerOfTheModelHasNoReason() {
        assertThat(answer.source()).isEqualTo(Source.MODEL);
        assertThat(answer.reason()).isEmpty();
    }

    @Test
    void aFallbackKeepsItsReasonWhateverTimeItTook() {
        Prediction fallback =
                answer.answeredBy(Source.FALLBACK, "the breaker is open").withDuration(9);

        assertThat(fallback.source()).isEqualTo(Source.FALLBACK);
        assertThat(fallback.reason()).contains("the breaker is open");
        assertThat(fallback.durationNanos()).isEqualTo(9);
    }

    @Test
    void isPrintedWithWhoAnsweredWhat() {
        assertThat(answer).hasToString("fraud version 7: " + OUTPUTS);
    }
}
