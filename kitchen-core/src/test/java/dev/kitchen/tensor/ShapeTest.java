package dev.kitchen.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void countsElements() {
        assertThat(Shape.SCALAR.elementCount()).isOne();
        assertThat(Shape.of().rank()).isZero();
        assertThat(Shape.of(2, 3, 4).elementCount()).isEqualTo(24);
        assertThat(Shape.of(5, 0, 7).elementCount()).isZero();
        assertThat(Shape.of(Long.MAX_VALUE).elementCount()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aZeroMakesAnyProductZeroWhereverItStands() {
        assertThat(Shape.of(Long.MAX_VALUE, Long.MAX_VALUE, 0).elementCount()).isZero();
        assertThat(Shape.of(0, Long.MAX_VALUE, Long.MAX_VALUE).elementCount()).isZero();
    }

    @Test
    void refusesProductsThatOverflow() {
        long huge = 1L << 60;
        for (long[] dimensions :
                new long[][] {{huge + 2, 16}, {1L << 32, 1L << 32}, {3, Long.MAX_VALUE}, {-1, huge, 8}}) {
            assertThatThrownBy(() -> Shape.of(dimensions))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("more elements than a long can count");
        }
    }

    @Test
    void refusesDimensionsBelowDynamicAndTooManyOfThem() {
        assertThatThrownBy(() -> Shape.of(1, -2))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("-2");
        assertThatThrownBy(() -> Shape.of(new long[65]))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("65");
    }

    @Test
    void acceptsWhatFits() {
        assertThat(Shape.of(-1, 30).accepts(Shape.of(7, 30))).isTrue();
        assertThat(Shape.of(-1, 30).accepts(Shape.of(0, 30))).isTrue();
        assertThat(Shape.of(-1, 30).accepts(Shape.of(7, 29))).isFalse();
        assertThat(Shape.of(-1, 30).accepts(Shape.of(30))).isFalse();
        assertThat(Shape.SCALAR.accepts(Shape.of(1))).isFalse();
        assertThat(Shape.UNKNOWN.accepts(Shape.SCALAR)).isTrue();
        assertThat(Shape.UNKNOWN.accepts(Shape.of(1, 2, 3))).isTrue();
    }

    @Test
    void keepsItsDimensionsToItself() {
        long[] given = {2, 3};
        Shape shape = Shape.of(given);
        given[0] = 9;
        shape.toArray()[1] = 9;

        assertThat(shape)
                .isEqualTo(Shape.of(2, 3))
                .hasSameHashCodeAs(Shape.of(2, 3))
                .hasToString("[2, 3]");
        assertThat(shape).isNotEqualTo(Shape.of(3, 2));
        assertThat(Shape.UNKNOWN).isNotEqualTo(Shape.SCALAR).hasToString("[...]");
    }

    @Test
    void aDynamicShapeHasNoElementCount() {
        assertThat(Shape.of(-1, 3).isStatic()).isFalse();
        assertThatThrownBy(() -> Shape.of(-1, 3).elementCount()).isInstanceOf(IllegalStateException.class);
    }
}
