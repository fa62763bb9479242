package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberTest {

    private static final Prediction ANSWER = new Prediction("m", "1", NamedValues.of(Map.of()), 0);

    private final CallContext context = new CallContext(0, 100);
    private final Member member = new Member(PredictionRequest.of(Map.of()), context, 1, 0);

    @Test
    void itsSizeIsThatOfItsNumbersAndTexts() {
        Map<String, Value> inputs = new LinkedHashMap<>();
        inputs.put("numbers", Tensor.of(new float[6], 2, 3));
        inputs.put("texts", Tensor.ofStrings(new String[] {"four", "seven", ""}, 3));
        inputs.put("none", new SequenceValue(List.of(MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 1f)))));

        assertThat(Member.sizeBytes(NamedValues.of(inputs))).isEqualTo(24 + 2 * 9);
    }

    @Test
    void isGoneOnceItIsDoneStoppedOrLate() {
        assertThat(member.isGone(99)).isFalse();
        assertThat(member.isGone(100)).isTrue();

        Member stopped = new Member(PredictionRequest.of(Map.of()), new CallContext(0, 100), 1, 0);
        stopped.context().stop(StopReason.CANCELLED);
        assertThat(stopped.isGone(0)).isTrue();

        member.answer(ANSWER);
        assertThat(member.isGone(0)).isTrue();
    }

    @Test
    void givesItsAnswer() {
        assertThat(member.isDone()).isFalse();

        member.answer(ANSWER);

        assertThat(member.isDone()).isTrue();
        assertThat(member.hasFailed()).isFalse();
        assertThat(member.runsAlone()).isFalse();
        assertThat(member.result("m")).isSameAs(ANSWER);
    }

    @Test
    void givesItsFailure() {
        member.fail(new IllegalStateException("broken"));

        assertThat(member.hasFailed()).isTrue();
        assertThat(member.runsAlone()).isFalse();
        assertThatThrownBy(() -> member.result("m"))
                .isInstanceOf(InferenceException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    void isLeftToItsCaller() {
        member.runAlone();

        assertThat(member.isDone()).isTrue();
        assertThat(member.hasFailed()).isFalse();
        assertThat(member.runsAlone()).isTrue();
    }
}
