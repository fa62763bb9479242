package dev.kitchen.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NestedArraysTest {

    @Test
    void takesArraysOfEveryElementTypeAndRank() {
        List<Object> arrays = List.of(
                new float[][] {{1, 2}, {3, 4}},
                new double[] {1, 2},
                new byte[][][] {{{1}, {2}}},
                new short[] {1},
                new int[][] {{1}},
                new long[] {1, 2},
                new boolean[][] {{true}, {false}},
                new String[][] {{"a", "b"}});
        for (Object array : arrays) {
            Tensor tensor = Tensor.fromArray(array);
            assertThat(tensor.toArray()).isEqualTo(array);
            assertThat((Object) tensor.toArray(array.getClass())).isEqualTo(array);
            assertThat(Tensor.fromArray(tensor.toArray())).isEqualTo(tensor);
        }
    }

    @Test
    void takesSingleValues() {
        assertThat(Tensor.fromArray(5L)).isEqualTo(Tensor.of(new long[] {5}));
        assertThat(Tensor.fromArray("text")).isEqualTo(Tensor.ofStrings(new String[] {"text"}));
        assertThat(Tensor.fromArray(1.5f).toArray()).isEqualTo(1.5f);
    }

    @Test
    void takesListsOfLists() {
        assertThat(Tensor.fromArray(List.of(List.of(1f, 2f), List.of(3f, 4f)))).isEqualTo(Tensor.ofRows(new float[][] {
            {1, 2}, {3, 4}
        }));
        assertThat(Tensor.fromArray(List.of("a", "b"))).isEqualTo(Tensor.ofStrings(new String[] {"a", "b"}, 2));
        assertThat(Tensor.fromArray(DataType.FLOAT, List.of(List.of(List.of(1)))))
                .isEqualTo(Tensor.of(new float[] {1}, 1, 1, 1));
    }

    @Test
    void refusesListsOfUnequalThings() {
        for (List<?> bad : List.of(
                List.of(1f, 2),
                List.of(List.of(1), 1),
                List.of(1, List.of(1)),
                List.of(List.of(1), List.of(1, 2)),
                List.of(List.of(1), List.of()),
                Arrays.asList(1, null),
                Arrays.asList(null, 1))) {
            assertThatThrownBy(() -> Tensor.fromArray(bad)).as("%s", bad).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void takesArraysOfManyDimensions() {
        Object array = Array.newInstance(float.class, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2);

        assertThat(Tensor.fromArray(array).shape()).isEqualTo(Shape.of(1, 2, 1, 2, 1, 2, 1, 2, 1, 2));
    }

    @Test
    void takesEmptyRows() {
        assertThat(Tensor.fromArray(new float[3][0]).shape()).isEqualTo(Shape.of(3, 0));
        assertThat(Tensor.fromArray(new float[0][5]).shape()).isEqualTo(Shape.of(0, 0));
    }

    @Test
    void refusesRaggedArraysAndHoles() {
        assertThatThrownBy(() -> Tensor.ofRows(new float[][] {{1, 2}, {3}}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("ragged");
        assertThatThrownBy(() -> Tensor.ofRows(new float[][] {{1}, null}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("null row");
        assertThatThrownBy(() -> Tensor.fromArray(new float[][] {null, {1}}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("null row");
        assertThatThrownBy(() -> Tensor.fromArray(new float[][][] {{{1}, {2}}, {{3}}}))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.fromArray(new String[] {"a", null}))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void refusesElementsThatAreNotData() {
        for (Object bad :
                new Object[] {new Object[] {1f}, new Float[] {1f}, new char[] {'a'}, 'a', new Object(), List.of()}) {
            assertThatThrownBy(() -> Tensor.fromArray(bad))
                    .as("%s", bad.getClass())
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("expected float, double");
        }
    }

    @Test
    void convertsToTheTypeOfTheCallersChoiceWithoutLoss() {
        assertThat(Tensor.fromArray(DataType.FLOAT, new double[] {0.5, 2}).toFloatArray())
                .containsExactly(0.5f, 2f);
        assertThat(Tensor.fromArray(DataType.UINT8, new int[] {200}))
                .isEqualTo(Tensor.ofBits(DataType.UINT8, new byte[] {(byte) 200}, 1));
        assertThatThrownBy(() -> Tensor.fromArray(DataType.UINT8, new int[] {256}))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Tensor.fromArray(DataType.FLOAT, new double[] {0.1}))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void givesUnsignedElementsTheSmallestTypeThatHoldsThem() {
        assertThat(Tensor.ofBits(DataType.UINT8, new byte[] {-1}, 1).toArray()).isEqualTo(new short[] {255});
        assertThat(Tensor.ofBits(DataType.UINT16, new short[] {-1}, 1).toArray())
                .isEqualTo(new int[] {65535});
        assertThat(Tensor.ofBits(DataType.UINT32, new int[] {-1}, 1).toArray()).isEqualTo(new long[] {4294967295L});
        assertThat(Tensor.of(new float[] {1.5f}, 1).roundTo(DataType.FLOAT16).toArray())
                .isEqualTo(new float[] {1.5f});
    }

    @Test
    void refusesAnArrayClassOfAnotherRankOrElement() {
        Tensor matrix = Tensor.of(new float[] {1, 2.5f}, 1, 2);

        assertThatThrownBy(() -> matrix.toArray(float[].class))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("rank 1");
        assertThatThrownBy(() -> matrix.toArray(int[][].class)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> matrix.toArray(String[][].class)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> matrix.toArray(Float[][].class)).isInstanceOf(InvalidRequestException.class);
    }
}
