package dev.kitchen.codec;

import dev.kitchen.tensor.DataType;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** One component of a record and how its value is had without boxing it. */
sealed interface Component {

    String name();

    /** The type it is declared with. */
    Class<?> type();

    /** A {@code float} or {@code double}. */
    record Fraction(String name, Class<?> type, ToDoubleFunction<Object> getter) implements Component {}

    /** A {@code byte}, {@code short}, {@code int} or {@code long}. */
    record Whole(String name, Class<?> type, ToLongFunction<Object> getter) implements Component {}

    /** A {@code boolean}. */
    record Flag(String name, Class<?> type, Predicate<Object> getter) implements Component {}

    /** A {@code String}. */
    record Text(String name, Class<?> type, Function<Object, Object> getter) implements Component {}

    /** Anything else: it has no place in a model. */
    record Unsupported(String name, Class<?> type) implements Component {}

    /** Whether elements of that type hold its values, all of them or after a look at each. */
    default boolean fits(DataType target) {
        return fits(type(), target);
    }

    static boolean fits(Class<?> type, DataType target) {
        boolean numeric = (target.isFloating() || target.isInteger())
                && target != DataType.FLOAT16
                && target != DataType.BFLOAT16;
        if (type == float.class || type == double.class) {
            return target == DataType.DOUBLE || (target == DataType.FLOAT && type == float.class);
        }
        if (type == boolean.class) {
            return numeric || target == DataType.BOOL;
        }
        return type == String.class ? target == DataType.STRING : numeric && type.isPrimitive();
    }
}
