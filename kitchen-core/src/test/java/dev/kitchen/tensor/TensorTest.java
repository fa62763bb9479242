package dev.kitchen.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {

    @Test
    void ownsWhatItIsMadeOf() {
        float[] data = {1, 2, 3};
        Tensor tensor = Tensor.of(data, 3);
        String[] strings = {"a", "b"};
        Tensor texts = Tensor.ofStrings(strings, 2);
        data[0] = 99;
        strings[0] = "changed";
        texts.toStringArray()[1] = "changed";
        tensor.toFloatArray()[1] = 99;

        assertThat(tensor.toFloatArray()).containsExactly(1, 2, 3);
        assertThat(texts.toStringArray()).containsExactly("a", "b");
        assertThat(tensor.isBorrowed()).isFalse();
        assertThat(tensor.owned()).isSameAs(tensor);
        assertThat(tensor.bytes().isReadOnly()).isTrue();
    }

    @Test
    void lendsTheMemoryItBorrows() {
        ByteBuffer memory = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        memory.asIntBuffer().put(new int[] {1, 2, 3, 4});
        memory.position(4).limit(12);
        Tensor tensor = Tensor.borrow(DataType.INT32, memory, 2);
        Tensor copy = tensor.owned();

        memory.putInt(4, 77);

        assertThat(tensor.isBorrowed()).isTrue();
        assertThat(tensor.toIntArray()).containsExactly(77, 3);
        assertThat(copy.toIntArray()).containsExactly(2, 3);
        assertThat(copy.isBorrowed()).isFalse();
    }

    @Test
    void borrowsOnlyMemoryThatTheRuntimeCanReadInPlace() {
        assertThatThrownBy(() -> Tensor.borrow(DataType.FLOAT, ByteBuffer.allocate(4), 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("heap");
        assertThatThrownBy(() -> Tensor.borrow(DataType.FLOAT, swapped(ByteBuffer.allocateDirect(4)), 1))
                .isInstanceOf(InvalidRequestException.class);
        ByteBuffer odd = direct(8).position(1).limit(5);
        assertThatThrownBy(() -> Tensor.borrow(DataType.FLOAT, odd, 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("multiple of 4");
        assertThatThrownBy(() -> Tensor.borrow(DataType.STRING, direct(0), 0))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.borrow(DataType.FLOAT, direct(8), 3))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("buffer has 8 bytes, tensor FLOAT[3] needs 12");
    }

    private static ByteBuffer swapped(ByteBuffer buffer) {
        return buffer.order(
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Test
    void copiesTheRemainingBytesOfABuffer() {
        ByteBuffer buffer = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        buffer.putInt(0, 5).putInt(4, 6).putInt(8, 7);
        buffer.position(4);

        Tensor tensor = Tensor.copyOf(DataType.INT32, buffer, 2);

        assertThat(tensor.toIntArray()).containsExactly(6, 7);
        assertThat(buffer.position()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STRING", "BOOL"})
    void readsAndWritesTheElementsOfABufferInItsByteOrder(DataType type) {
        Tensor numbers = Tensor.of(new int[] {1, 2, 100}, 3).convertTo(type);
        for (boolean direct : new boolean[] {false, true}) {
            for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
                int bytes = numbers.sizeBytes() + 3;
                ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
                buffer.order(order).position(3);

                numbers.copyTo(buffer);

                assertThat(buffer.position()).isEqualTo(bytes);
                assertThat(Tensor.copyOf(type, buffer.position(3), 3)).isEqualTo(numbers);
                assertThat(buffer.position()).isEqualTo(3);
            }
        }
    }

    @Test
    void copiesABufferOfTheDefaultByteOrder() {
        ByteBuffer floats = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-2).flip();
        ByteBuffer longs =
                ByteBuffer.allocateDirect(16).putLong(1L << 40).putLong(-2).flip();
        ByteBuffer target = ByteBuffer.allocate(8);

        assertThat(Tensor.copyOf(DataType.FLOAT, floats, 2).toFloatArray()).containsExactly(1.5f, -2);
        assertThat(Tensor.copyOf(DataType.INT64, longs, 2).toLongArray()).containsExactly(1L << 40, -2);
        Tensor.of(new int[] {3, -4}, 2).copyTo(target);
        assertThat(target.flip().getInt()).isEqualTo(3);
        assertThat(target.getInt()).isEqualTo(-4);
    }

    @Test
    void countsDataAgainstTheShape() {
        assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("data has 5 elements, shape [2, 3] needs 6");
        assertThatThrownBy(() -> Tensor.of(new float[5]))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("a vector has [5]");
        assertThatThrownBy(() -> Tensor.of(new float[5], -1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.of(new float[1], 1L << 40, 1L << 40))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.copyOf(DataType.FLOAT, ByteBuffer.allocate(4), 1L << 40))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void hasRankZeroAndZeroSizes() {
        assertThat(Tensor.of(new double[] {2.5}).shape()).isEqualTo(Shape.SCALAR);
        assertThat(Tensor.of(new double[] {2.5}).toArray()).isEqualTo(2.5);
        assertThat(Tensor.of(new float[0], 0, 4).toFloatArray()).isEmpty();
        assertThat(Tensor.of(new float[0], 0, 4).toArray(float[][].class)).isEmpty();
        assertThat(Tensor.ofStrings(new String[0], 3, 0).elementCount()).isZero();
    }

    @Test
    void refusesNullStringsAndBooleansThatAreNeither() {
        assertThatThrownBy(() -> Tensor.ofStrings(new String[] {"a", null}, 2))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("STRING element 1 is null, expected a string");
        assertThatThrownBy(() -> Tensor.ofBits(DataType.BOOL, new byte[] {0, 2}, 2))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("BOOL element 1 is 2, expected 0 or 1");
        assertThatThrownBy(() -> Tensor.ofBits(DataType.UINT16, new byte[2], 2))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.ofBits(DataType.STRING, new byte[2], 2))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void comparesTypeShapeAndBits() {
        Tensor tensor = Tensor.of(new float[] {1, Float.NaN}, 2);

        assertThat(tensor)
                .isEqualTo(Tensor.of(new float[] {1, Float.NaN}, 2))
                .hasSameHashCodeAs(Tensor.of(new float[] {1, Float.NaN}, 2))
                .isNotEqualTo(Tensor.of(new float[] {1, Float.NaN}, 2, 1))
                .isNotEqualTo(Tensor.of(new float[] {1, 2}, 2));
        assertThat(Tensor.of(new float[] {0f}, 1)).isNotEqualTo(Tensor.of(new float[] {-0f}, 1));
        assertThat(Tensor.of(new int[] {1}, 1)).isNotEqualTo(Tensor.ofBits(DataType.UINT32, new int[] {1}, 1));
        assertThat(Tensor.ofStrings(new String[] {"a"}, 1))
                .isEqualTo(Tensor.ofStrings(new String[] {"a"}, 1))
                .isNotEqualTo(Tensor.ofStrings(new String[] {"b"}, 1));
    }

    @Test
    void saysWhatItIs() {
        assertThat(Tensor.of(new float[] {5.1f, 3.5f}, 1, 2)).hasToString("FLOAT[1, 2] {5.1, 3.5}");
        assertThat(Tensor.of(new long[20], 20)).hasToString("INT64[20] {0, 0, 0, 0, 0, 0, 0, 0, ...}");
        assertThat(Tensor.ofStrings(new String[] {"a"}, 1)).hasToString("STRING[1] {\"a\"}");
        assertThat(Tensor.ofBits(DataType.UINT64, new long[] {-1}, 1)).hasToString("UINT64[1] {18446744073709551615}");
        assertThat(Tensor.of(new boolean[] {true}, 1)).hasToString("BOOL[1] {true}");
    }

    @Test
    void reshapesWithoutCopying() {
        Tensor tensor = Tensor.of(new int[] {1, 2, 3, 4}, 4);

        assertThat(tensor.reshape(2, 2).toArray(int[][].class)).isDeepEqualTo(new int[][] {{1, 2}, {3, 4}});
        assertThatThrownBy(() -> tensor.reshape(3)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void givesSingleElements() {
        Tensor tensor = Tensor.of(new int[] {7, 8}, 2);

        assertThat(tensor.floatAt(1)).isEqualTo(8f);
        assertThat(tensor.doubleAt(0)).isEqualTo(7);
        assertThat(tensor.longAt(1)).isEqualTo(8);
        assertThatThrownBy(() -> tensor.floatAt(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tensor.stringAt(0)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void copiesItsBytesIntoABuffer() {
        ByteBuffer target = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        target.position(4);

        Tensor.of(new int[] {1, 2}, 2).copyTo(target);

        assertThat(target.position()).isEqualTo(12);
        assertThat(target.getInt(8)).isEqualTo(2);
        assertThatThrownBy(() -> Tensor.ofStrings(new String[] {"a"}, 1).copyTo(target))
                .isInstanceOf(InvalidRequestException.class);
    }
}
