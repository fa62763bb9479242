package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/tensors.md. */
class TensorsTest {

    @Test
    void createsTensors() {
        // snippet: tensors-create
        Tensor matrix = Tensor.ofRows(new float[][] {{1, 2, 3}, {4, 5, 6}}); // FLOAT [2, 3]
        Tensor flat = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3); // the same
        Tensor ids = Tensor.of(new long[] {101, 2023, 102}, 1, 3); // INT64 [1, 3]
        Tensor texts = Tensor.ofStrings(new String[] {"good", "bad"}, 2); // STRING [2]
        Tensor nested = Tensor.fromArray(new int[][][] {{{1, 2}, {3, 4}}}); // INT32 [1, 2, 2]
        Tensor converted = Tensor.fromArray(DataType.FLOAT, List.of(List.of(1, 2), List.of(3, 4))); // FLOAT [2, 2]
        Tensor pixels = Tensor.ofBits(DataType.UINT8, new byte[] {0, (byte) 255}, 2); // UINT8 [2]
        Tensor half = flat.roundTo(DataType.FLOAT16); // FLOAT16 [2, 3], rounded
        // end
        assertThat(matrix).isEqualTo(flat);
        assertThat(List.of(ids, texts, nested, converted, half))
                .extracting(Tensor::type)
                .containsExactly(DataType.INT64, DataType.STRING, DataType.INT32, DataType.FLOAT, DataType.FLOAT16);
        assertThat(pixels.toIntArray()).containsExactly(0, 255);
    }

    @Test
    void borrowsMemory() {
        // snippet: tensors-borrow
        ByteBuffer memory = ByteBuffer.allocateDirect(4 * Float.BYTES).order(ByteOrder.nativeOrder());
        memory.asFloatBuffer().put(new float[] {5.1f, 3.5f, 1.4f, 0.2f});

        Tensor borrowed = Tensor.borrow(DataType.FLOAT, memory, 1, 4); // refers to the memory
        Tensor copied = Tensor.copyOf(DataType.FLOAT, memory, 1, 4); // has memory of its own
        // end
        assertThat(borrowed.isBorrowed()).isTrue();
        assertThat(copied).isEqualTo(borrowed);
    }

    @Test
    void convertsExactlyOrNotAtAll() {
        // snippet: tensors-read
        Tensor tensor = Tensor.of(new double[] {1, 2, 0.5}, 3);
        float[] floats = tensor.toFloatArray(); // each of these doubles is a float, too
        double last = tensor.doubleAt(2);
        Tensor asFloat = tensor.convertTo(DataType.FLOAT); // exact, or an InvalidRequestException
        Tensor rounded = tensor.roundTo(DataType.FLOAT16); // rounds where it has to
        // end
        assertThat(floats).containsExactly(1, 2, 0.5f);
        assertThat(last).isEqualTo(0.5);
        assertThat(asFloat.type()).isEqualTo(DataType.FLOAT);
        assertThat(rounded.type()).isEqualTo(DataType.FLOAT16);
        assertThatThrownBy(tensor::toLongArray)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("0.5");
    }

    @Test
    void readsSequencesOfMaps() {
        Value value = new SequenceValue(
                List.of(MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("setosa", 0.9f, "virginica", 0.1f))));
        // snippet: tensors-maps
        SequenceValue rows = (SequenceValue) value; // prediction.value("output_probability")
        MapValue first = (MapValue) rows.elements().get(0);
        double setosa = first.doubleValue("setosa");
        // end
        assertThat(setosa).isEqualTo(0.9f);
    }
}
