package dev.kitchen.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {

    private final Tensor one = Tensor.of(new float[] {1}, 1);

    @Test
    void mapsHoldOneTypeOfKeyAndOneOfValueInKeyOrder() {
        Map<Object, Object> entries = new LinkedHashMap<>(Map.of(2L, 0.5f, 1L, 0.25f));
        MapValue map = MapValue.of(DataType.INT64, DataType.FLOAT, entries);
        entries.put(3L, 1f);

        assertThat(map.entries().keySet()).containsExactly(1L, 2L);
        assertThat(map.doubleValue(2L)).isEqualTo(0.5);
        assertThat(map).isEqualTo(MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 0.25f, 2L, 0.5f)));
        assertThatThrownBy(() -> map.entries().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.doubleValue(9L))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("[1, 2]");
    }

    @Test
    void mapsRefuseOtherKeysAndValues() {
        Map<Object, Object> nullValue = new HashMap<>();
        nullValue.put("a", null);

        assertThatThrownBy(() -> MapValue.of(DataType.STRING, DataType.FLOAT, Map.of(1L, 1f)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("key is Long, expected String");
        assertThatThrownBy(() -> MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 1d)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> MapValue.of(DataType.STRING, DataType.FLOAT, nullValue))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> MapValue.of(DataType.FLOAT, DataType.FLOAT, Map.of()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void sequencesKeepTheirOrderAndAreCopied() {
        List<Value> elements = new ArrayList<>(List.of(one, new EmptyOptional()));
        SequenceValue sequence = new SequenceValue(elements);
        elements.clear();

        assertThat(sequence.elements()).containsExactly(one, new EmptyOptional());
        assertThat(sequence.isBorrowed()).isFalse();
    }

    @Test
    void aSequenceOfBorrowedTensorsIsBorrowed() {
        ByteBuffer memory = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        SequenceValue sequence = new SequenceValue(List.of(one, Tensor.borrow(DataType.FLOAT, memory, 1)));

        assertThat(sequence.isBorrowed()).isTrue();
        assertThat(sequence.owned().isBorrowed()).isFalse();
        assertThat(NamedValues.of("x", sequence).owned().value("x").isBorrowed())
                .isFalse();
    }

    @Test
    void namedValuesSayWhichNamesThereAre() {
        NamedValues values = NamedValues.of(Map.of("x", one));

        assertThat(values.tensor("x")).isSameAs(one);
        assertThat(values.find("y")).isEmpty();
        assertThatThrownBy(() -> values.value("y"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("no value named 'y', expected one of [x]");
        assertThatThrownBy(
                        () -> NamedValues.of("s", new SequenceValue(List.of())).tensor("s"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("SequenceValue");
    }

    @Test
    void namedValuesRefuseNull() {
        Map<String, Value> values = new HashMap<>();
        values.put("x", null);

        assertThatThrownBy(() -> NamedValues.of(values))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("'x' is null, expected a value");
    }

    @Test
    void signaturesReadAsText() {
        ModelSignature signature = new ModelSignature(
                List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 30), List.of("batch", ""))),
                List.of(new OptionalSpec("mask", new TensorSpec("", DataType.BOOL, Shape.UNKNOWN))),
                List.of(new SequenceSpec("scores", new MapSpec("", DataType.INT64, DataType.FLOAT))));

        assertThat(signature).hasToString("""
                        in   x: FLOAT [batch, 30]
                        in?  mask: optional BOOL [...]
                        out  scores: sequence of map from INT64 to FLOAT""");
        assertThat(signature.input("mask")).isPresent();
        assertThat(signature.output("x")).isEmpty();
    }
}
