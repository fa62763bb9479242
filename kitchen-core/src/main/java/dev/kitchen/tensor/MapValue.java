package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A map from labels to scores, ordered by key. Keys are either {@link Long} or {@link String}; values are all
 * {@link Float}, all {@link Double}, all {@link Long} or all {@link String}.
 */
public final class MapValue implements Value {

    private final DataType keyType;
    private final DataType valueType;
    private final Map<Object, Object> entries;

    private MapValue(DataType keyType, DataType valueType, Map<Object, Object> entries) {
        this.keyType = keyType;
        this.valueType = valueType;
        this.entries = entries;
    }

    /**
     * A map of these types with these entries.
     *
     * @param keyType INT64 or STRING
     * @param valueType FLOAT, DOUBLE, INT64 or STRING
     * @throws InvalidRequestException if a key or value is not of its type
     */
    public static MapValue of(DataType keyType, DataType valueType, Map<?, ?> entries) {
        Class<?> keyClass = javaType("key", keyType, keyType == DataType.INT64 || keyType == DataType.STRING);
        boolean allowed = keyTypeAllowed(valueType) || valueType == DataType.FLOAT || valueType == DataType.DOUBLE;
        Class<?> valueClass = javaType("value", valueType, allowed);
        Map<Object, Object> sorted = new TreeMap<>(keyOrder(keyType));
        entries.forEach((key, value) -> {
            requireType("key", key, keyClass);
            requireType("value of key '" + MessageText.of(key) + "'", value, valueClass);
            sorted.put(key, value);
        });
        return new MapValue(keyType, valueType, Collections.unmodifiableMap(new LinkedHashMap<>(sorted)));
    }

    private static boolean keyTypeAllowed(DataType type) {
        return type == DataType.INT64 || type == DataType.STRING;
    }

    private static Class<?> javaType(String role, DataType type, boolean allowed) {
        if (!allowed) {
            throw new InvalidRequestException("map " + role + "s cannot be " + type);
        }
        return switch (type) {
            case FLOAT -> Float.class;
            case DOUBLE -> Double.class;
            case INT64 -> Long.class;
            default -> String.class;
        };
    }

    private static Comparator<Object> keyOrder(DataType keyType) {
        return keyType == DataType.INT64
                ? Comparator.comparing(Long.class::cast)
                : Comparator.comparing(String.class::cast);
    }

    private static void requireType(String place, Object actual, Class<?> expected) {
        if (!expected.isInstance(actual)) {
            String found = actual == null ? "null" : actual.getClass().getSimpleName();
            throw new InvalidRequestException(
                    "map: " + place + " is " + found + ", expected " + expected.getSimpleName());
        }
    }

    /** INT64 or STRING. */
    public DataType keyType() {
        return keyType;
    }

    /** FLOAT, DOUBLE, INT64 or STRING. */
    public DataType valueType() {
        return valueType;
    }

    /** The entries, ordered by key; cannot be modified. */
    public Map<Object, Object> entries() {
        return entries;
    }

    /**
     * The value of a key as a double.
     *
     * @param key a Long or a String
     * @throws InvalidRequestException if there is no such key, or values are strings
     */
    public double doubleValue(Object key) {
        Object value = entries.get(key);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new InvalidRequestException(
                value == null
                        ? "map has no key '" + MessageText.of(key) + "', expected one of "
                                + MessageText.of(entries.keySet())
                        : "map: value of key '" + MessageText.of(key) + "' is a string, expected a number");
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof MapValue that
                        && keyType == that.keyType
                        && valueType == that.valueType
                        && entries.equals(that.entries));
    }

    @Override
    public int hashCode() {
        return Objects.hash(keyType, valueType, entries);
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
