package dev.kitchen.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.codec.TopLabels.Scored;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Integers of quantised models as the numbers they stand for, and the labels of the greatest. */
class QuantizationTest {

    @Test
    void goesThereAndBack() {
        Quantization quantization = new Quantization(0.5f, -3);
        Tensor integers = Tensor.of(new byte[] {-128, -3, 0, 127}, 4);

        Tensor real = quantization.dequantize(integers);

        assertThat(real.toFloatArray()).containsExactly(-62.5f, 0, 1.5f, 65);
        assertThat(quantization.quantize(real, DataType.INT8)).isEqualTo(integers);
    }

    @Test
    void staysWithinTheTypesRange() {
        Tensor real = Tensor.of(new float[] {-1e9f, 1e9f, Float.POSITIVE_INFINITY, 0.26f}, 4);

        assertThat(new Quantization(0.5f, 10).quantize(real, DataType.UINT8).toIntArray())
                .containsExactly(0, 255, 255, 11);
        assertThat(new Quantization(0.5f, 0).quantize(real, DataType.INT16).toIntArray())
                .containsExactly(-32768, 32767, 32767, 1);
        assertThatThrownBy(() -> new Quantization(1, 0).quantize(Tensor.of(new float[] {Float.NaN}, 1), DataType.INT8))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("element 0 is NaN");
        assertThatThrownBy(() -> new Quantization(1, 0).quantize(real, DataType.INT64))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new Quantization(1, 0).dequantize(real)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new Quantization(0, 0)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void isReadFromAModelsMetadata() {
        Map<String, String> metadata = Map.of("kitchen.quantization.x", "0.25 -3", "kitchen.quantization.y", "much");

        assertThat(Quantization.of(metadata, "x")).contains(new Quantization(0.25f, -3));
        assertThat(Quantization.of(metadata, "z")).isEmpty();
        assertThatThrownBy(() -> Quantization.of(metadata, "y")).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void theGreatestScoresComeFirstAsRealNumbers() {
        TopLabels top = TopLabels.of(2, List.of("a", "b", "c"), "scores");
        Tensor integers = Tensor.of(new byte[] {1, 7, 7}, 1, 3);

        assertThat(top.read(integers)).containsExactly(new Scored("b", 7), new Scored("c", 7));
        assertThat(top.dequantized(new Quantization(0.5f, 1)).read(integers))
                .containsExactly(new Scored("b", 3), new Scored("c", 3));
        assertThatThrownBy(() -> top.read(Tensor.of(new byte[] {1}, 1, 1))).isInstanceOf(InferenceException.class);
        assertThatThrownBy(() -> top.read(Tensor.of(new float[] {1, Float.NaN, 2}, 1, 3)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("score 1 is NaN");
        assertThatThrownBy(() -> TopLabels.of(0, List.of("a"), "scores")).isInstanceOf(ConfigurationException.class);
    }
}
