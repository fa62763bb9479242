package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchRowsTest {

    @Test
    void repeatsRowsAgainAndAgain() {
        Tensor rows = Tensor.ofRows(new int[][] {{1, 2}, {3, 4}});

        assertThat(BatchRows.repeat(rows, 5)).isEqualTo(Tensor.ofRows(new int[][] {
            {1, 2}, {3, 4}, {1, 2}, {3, 4}, {1, 2}
        }));
        assertThat(BatchRows.repeat(rows, 1)).isEqualTo(Tensor.ofRows(new int[][] {{1, 2}}));
        assertThat(BatchRows.repeat(Tensor.ofStrings(new String[] {"a", "b"}, 2), 3))
                .isEqualTo(Tensor.ofStrings(new String[] {"a", "b", "a"}, 3));
        assertThat(BatchRows.repeat(Tensor.of(new float[0], 1, 0), 3)).isEqualTo(Tensor.of(new float[0], 3, 0));
    }

    @Test
    void countsTheRowsThatAllHaveInCommon() {
        Tensor two = Tensor.ofRows(new int[][] {{1}, {2}});

        assertThat(BatchRows.count(NamedValues.of(Map.of("a", two, "b", two)))).contains(2);
        assertThat(BatchRows.count(NamedValues.of(Map.of("a", two, "b", Tensor.of(new float[] {1}, 1)))))
                .isEmpty();
        assertThat(BatchRows.count(NamedValues.of("a", Tensor.of(new float[] {1}))))
                .isEmpty();
        assertThat(BatchRows.count(NamedValues.of("a", Tensor.of(new float[0], 0, 3))))
                .isEmpty();
        assertThat(BatchRows.count(NamedValues.of(Map.of()))).isEmpty();
    }

    @Test
    void refusesBatchesThatAreAnAccident() {
        Tensor wide = Tensor.of(new float[1 << 16], 1, 1 << 16);

        assertThatThrownBy(() -> BatchRows.repeat(wide, 65_536))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("a batch of 65536 rows of 65536 elements");
    }
}
