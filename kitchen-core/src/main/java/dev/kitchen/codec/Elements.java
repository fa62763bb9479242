package dev.kitchen.codec;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Writes components of records as elements of a tensor, and refuses to write a number that would not be the same. */
final class Elements {

    private Elements() {}

    /** Writes one component of a record at an offset, in bytes, into a buffer of the machine's byte order. */
    @FunctionalInterface
    interface Writer {
        void write(Object record, ByteBuffer target, int offset);
    }

    /** How a component that {@linkplain Component#fits fits} is written. */
    static Writer writer(Component component, DataType target) {
        if (component instanceof Component.Fraction fraction) {
            return fractions(fraction.getter(), target);
        }
        if (component instanceof Component.Flag flag) {
            return flags(flag.getter(), target);
        }
        return wholes((Component.Whole) component, target);
    }

    private static Writer fractions(ToDoubleFunction<Object> getter, DataType target) {
        return target == DataType.FLOAT
                ? (record, buffer, offset) -> buffer.putFloat(offset, (float) getter.applyAsDouble(record))
                : (record, buffer, offset) -> buffer.putDouble(offset, getter.applyAsDouble(record));
    }

    private static Writer flags(Predicate<Object> getter, DataType target) {
        return switch (target) {
            case FLOAT -> (record, buffer, offset) -> buffer.putFloat(offset, getter.test(record) ? 1 : 0);
            case DOUBLE -> (record, buffer, offset) -> buffer.putDouble(offset, getter.test(record) ? 1 : 0);
            default -> (record, buffer, offset) -> putWhole(buffer, offset, target, getter.test(record) ? 1 : 0);
        };
    }

    private static Writer wholes(Component.Whole component, DataType target) {
        ToLongFunction<Object> getter = component.getter();
        return switch (target) {
            case FLOAT ->
                (record, buffer, offset) -> {
                    long value = getter.applyAsLong(record);
                    float rounded = value;
                    require((long) rounded == value && rounded != 0x1p63f, component, value, target);
                    buffer.putFloat(offset, rounded);
                };
            case DOUBLE ->
                (record, buffer, offset) -> {
                    long value = getter.applyAsLong(record);
                    double rounded = value;
                    require((long) rounded == value && rounded != 0x1p63, component, value, target);
                    buffer.putDouble(offset, rounded);
                };
            default -> {
                int bits = target.sizeBytes() * 8;
                long least = target.isUnsigned() ? 0 : -1L << (bits - 1);
                long most = bits == 64 ? Long.MAX_VALUE : (1L << (target.isUnsigned() ? bits : bits - 1)) - 1;
                yield (record, buffer, offset) -> {
                    long value = getter.applyAsLong(record);
                    require(value >= least && value <= most, component, value, target);
                    putWhole(buffer, offset, target, value);
                };
            }
        };
    }

    private static void require(boolean same, Component component, long value, DataType target) {
        if (!same) {
            throw new InvalidRequestException("component '" + component.name() + "' is " + value
                    + ", which is not exactly representable as " + target);
        }
    }

    private static void putWhole(ByteBuffer buffer, int offset, DataType target, long value) {
        switch (target.sizeBytes()) {
            case 1 -> buffer.put(offset, (byte) value);
            case 2 -> buffer.putShort(offset, (short) value);
            case 4 -> buffer.putInt(offset, (int) value);
            default -> buffer.putLong(offset, value);
        }
    }
}
