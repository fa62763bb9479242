package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values by name, in order: the inputs of a run or its outputs. Immutable. A model has few of them, so looking one up
 * is a walk, and no hash table is built for a call.
 */
public final class NamedValues {

    /** The longest name of an input. */
    public static final int MAX_NAME_LENGTH = 1_000;

    private final List<String> names;
    private final Value[] values;

    private NamedValues(List<String> names, Value[] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * One value.
     *
     * @throws InvalidRequestException if the name has more than {@value #MAX_NAME_LENGTH} characters
     */
    public static NamedValues of(String name, Value value) {
        return new NamedValues(List.of(requireShort(name)), new Value[] {Objects.requireNonNull(value, "value")});
    }

    /**
     * The values of a map, in its order.
     *
     * @throws InvalidRequestException if a value is null, or a name has more than {@value #MAX_NAME_LENGTH} characters
     */
    public static NamedValues of(Map<String, ? extends Value> values) {
        List<String> names = new ArrayList<>(values.size());
        List<Value> ordered = new ArrayList<>(values.size());
        values.forEach((name, value) -> {
            if (value == null) {
                throw new InvalidRequestException("'" + MessageText.of(name) + "' is null, expected a value");
            }
            names.add(requireShort(name));
            ordered.add(value);
        });
        return of(names, ordered.toArray(Value[]::new));
    }

    private static String requireShort(String name) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw new InvalidRequestException("the name '" + MessageText.of(name) + "' has " + name.length()
                    + " characters, expected at most " + MAX_NAME_LENGTH);
        }
        return name;
    }

    /**
     * Values under names that many calls share, such as a signature's.
     *
     * @param names without duplicates; kept as they are where the list is immutable
     * @param values one per name; not copied, so not to be changed afterwards
     */
    public static NamedValues of(List<String> names, Value[] values) {
        List<String> kept = List.copyOf(names);
        if (kept.size() != values.length) {
            throw new IllegalArgumentException(kept.size() + " names for " + values.length + " values");
        }
        return new NamedValues(kept, values);
    }

    public int size() {
        return values.length;
    }

    public List<String> names() {
        return names;
    }

    public String name(int index) {
        return names.get(index);
    }

    public Value value(int index) {
        return values[index];
    }

    /** The value of that name. */
    public Optional<Value> find(String name) {
        return Optional.ofNullable(valueOrNull(name));
    }

    /**
     * The value of that name.
     *
     * @throws InvalidRequestException if there is none
     */
    public Value value(String name) {
        Value value = valueOrNull(name);
        if (value == null) {
            throw new InvalidRequestException(
                    "no value named '" + MessageText.of(name) + "', expected one of " + MessageText.of(names));
        }
        return value;
    }

    /**
     * The tensor of that name.
     *
     * @throws InvalidRequestException if there is none, or the value is not a tensor
     */
    public Tensor tensor(String name) {
        Value value = value(name);
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw new InvalidRequestException("'" + MessageText.of(name) + "' is a "
                + value.getClass().getSimpleName() + ", expected a Tensor: use value(name)");
    }

    private @Nullable Value valueOrNull(String name) {
        for (int i = 0; i < values.length; i++) {
            if (names.get(i).equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** How many rows all values have, where they are tensors with as many rows each; 0 where not. */
    public int rowCount() {
        long rows = 0;
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] instanceof Tensor tensor) || tensor.shape().rank() == 0) {
                return 0;
            }
            long own = tensor.shape().dimension(0);
            if (own > Integer.MAX_VALUE || (i > 0 && own != rows)) {
                return 0;
            }
            rows = own;
        }
        return (int) rows;
    }

    /** Whether these and the other values have the same names, types and shapes, but for their number of rows. */
    public boolean joinsWith(NamedValues other) {
        if (values.length != other.values.length || !names.equals(other.names)) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] instanceof Tensor one)
                    || !(other.values[i] instanceof Tensor two)
                    || !TensorRows.areAlike(one, two)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Values with the rows of all of these, one below the other.
     *
     * @param parts one or more, which {@linkplain #joinsWith join} one another
     * @throws InvalidRequestException if they do not
     */
    public static NamedValues joinRows(List<NamedValues> parts) {
        NamedValues first = parts.get(0);
        Value[] joined = new Value[first.values.length];
        for (int i = 0; i < joined.length; i++) {
            List<Tensor> column = new ArrayList<>(parts.size());
            for (NamedValues part : parts) {
                column.add(part.tensor(first.names.get(i)));
            }
            joined[i] = Tensor.joinRows(column);
        }
        return new NamedValues(first.names, joined);
    }

    /**
     * Some of the rows of each value; copied.
     *
     * @throws InvalidRequestException if a value is not a tensor, or has not that many
     */
    public NamedValues rows(int from, int count) {
        Value[] parts = new Value[values.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = tensor(names.get(i)).rows(from, count);
        }
        return new NamedValues(names, parts);
    }

    /** These values, sharing no memory with the caller: itself, or a copy if one of them was borrowed. */
    public NamedValues owned() {
        boolean borrowed = false;
        for (Value value : values) {
            borrowed |= value.isBorrowed();
        }
        if (!borrowed) {
            return this;
        }
        Value[] copies = values.clone();
        for (int i = 0; i < copies.length; i++) {
            copies[i] = copies[i].owned();
        }
        return new NamedValues(names, copies);
    }

    /** A map in the same order; cannot be modified. */
    public Map<String, Value> toMap() {
        Map<String, Value> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(names.get(i), values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof NamedValues that && toMap().equals(that.toMap()));
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
