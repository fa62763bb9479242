package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of elements of one type, stored row by row.
 *
 * <p>Immutable and safe to share between threads: {@code of}, {@code ofBits}, {@code ofRows}, {@code fromArray} and
 * {@code copyOf} copy what they are given. The exception is {@link #borrow}, which lends memory of the caller.
 *
 * <p>Accessors convert between number types where every element keeps its value, and throw
 * {@link InvalidRequestException} naming the first element where one would not. {@code BOOL} and {@code STRING} are not
 * numbers. Float-to-float conversions keep NaN and infinities.
 */
public final class Tensor implements Value {

    /** The most bytes a tensor may have: what one Java buffer can hold. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private final DataType type;
    private final Shape shape;
    /** The elements in the machine's byte order; null for strings and borrowed tensors. */
    private final byte @Nullable [] bytes;

    private final @Nullable ByteBuffer borrowed;
    private final String @Nullable [] strings;

    private Tensor(
            DataType type,
            Shape shape,
            byte @Nullable [] bytes,
            @Nullable ByteBuffer borrowed,
            String @Nullable [] strings) {
        this.type = type;
        this.shape = shape;
        this.bytes = bytes;
        this.borrowed = borrowed;
        this.strings = strings;
    }

    /** The bytes are the tensor's from now on. */
    static Tensor owning(DataType type, Shape shape, byte[] bytes) {
        return new Tensor(type, shape, bytes, null, null);
    }

    /** The strings are the tensor's from now on. */
    static Tensor owning(Shape shape, String[] strings) {
        return new Tensor(DataType.STRING, shape, null, null, strings);
    }

    /**
     * A FLOAT tensor; no dimensions mean rank 0, one element.
     *
     * @param data row by row; copied
     * @throws InvalidRequestException if there are not as many elements as the shape says
     */
    public static Tensor of(float[] data, long... shape) {
        Shape checked = Storage.requireCount(data.length, shape);
        byte[] bytes = Storage.allocate(DataType.FLOAT, checked);
        Storage.wrap(bytes).asFloatBuffer().put(data);
        return owning(DataType.FLOAT, checked, bytes);
    }

    /** A DOUBLE tensor. See {@link #of(float[], long...)}. */
    public static Tensor of(double[] data, long... shape) {
        Shape checked = Storage.requireCount(data.length, shape);
        byte[] bytes = Storage.allocate(DataType.DOUBLE, checked);
        Storage.wrap(bytes).asDoubleBuffer().put(data);
        return owning(DataType.DOUBLE, checked, bytes);
    }

    /** An INT8 tensor. See {@link #of(float[], long...)}. */
    public static Tensor of(byte[] data, long... shape) {
        return ofBits(DataType.INT8, data, shape);
    }

    /** An INT16 tensor. See {@link #of(float[], long...)}. */
    public static Tensor of(short[] data, long... shape) {
        return ofBits(DataType.INT16, data, shape);
    }

    /** An INT32 tensor. See {@link #of(float[], long...)}. */
    public static Tensor of(int[] data, long... shape) {
        return ofBits(DataType.INT32, data, shape);
    }

    /** An INT64 tensor. See {@link #of(float[], long...)}. */
    public static Tensor of(long[] data, long... shape) {
        return ofBits(DataType.INT64, data, shape);
    }

    /** A BOOL tensor. See {@link #of(float[], long...)}. */
    public static Tensor of(boolean[] data, long... shape) {
        Shape checked = Storage.requireCount(data.length, shape);
        byte[] bytes = Storage.allocate(DataType.BOOL, checked);
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) (data[i] ? 1 : 0);
        }
        return owning(DataType.BOOL, checked, bytes);
    }

    /**
     * A STRING tensor.
     *
     * @throws InvalidRequestException if a string is null, or there are not as many as the shape says
     */
    public static Tensor ofStrings(String[] data, long... shape) {
        Shape checked = Storage.requireCount(data.length, shape);
        String[] copy = data.clone();
        for (int i = 0; i < copy.length; i++) {
            if (copy[i] == null) {
                throw new InvalidRequestException("STRING element " + i + " is null, expected a string");
            }
        }
        return new Tensor(DataType.STRING, checked, null, null, copy);
    }

    /**
     * A tensor from raw elements of one byte.
     *
     * @param type INT8, UINT8 or BOOL, whose elements have to be 0 or 1
     */
    public static Tensor ofBits(DataType type, byte[] bits, long... shape) {
        Storage.requireWidth(type, 1);
        Shape checked = Storage.requireCount(bits.length, shape);
        return owning(type, checked, Storage.requireBooleans(type, bits.clone()));
    }

    /**
     * A tensor from raw elements of two bytes.
     *
     * @param type INT16, UINT16, FLOAT16 or BFLOAT16
     */
    public static Tensor ofBits(DataType type, short[] bits, long... shape) {
        Storage.requireWidth(type, 2);
        Shape checked = Storage.requireCount(bits.length, shape);
        byte[] bytes = Storage.allocate(type, checked);
        Storage.wrap(bytes).asShortBuffer().put(bits);
        return owning(type, checked, bytes);
    }

    /**
     * A tensor from raw elements of four bytes.
     *
     * @param type INT32, UINT32 or FLOAT
     */
    public static Tensor ofBits(DataType type, int[] bits, long... shape) {
        Storage.requireWidth(type, 4);
        Shape checked = Storage.requireCount(bits.length, shape);
        byte[] bytes = Storage.allocate(type, checked);
        Storage.wrap(bytes).asIntBuffer().put(bits);
        return owning(type, checked, bytes);
    }

    /**
     * A tensor from raw elements of eight bytes.
     *
     * @param type INT64, UINT64 or DOUBLE
     */
    public static Tensor ofBits(DataType type, long[] bits, long... shape) {
        Storage.requireWidth(type, 8);
        Shape checked = Storage.requireCount(bits.length, shape);
        byte[] bytes = Storage.allocate(type, checked);
        Storage.wrap(bytes).asLongBuffer().put(bits);
        return owning(type, checked, bytes);
    }

    /** A FLOAT matrix of equally long rows: shape [rows, columns]. */
    public static Tensor ofRows(float[][] rows) {
        return fromArray(rows);
    }

    /** A DOUBLE matrix of equally long rows: shape [rows, columns]. */
    public static Tensor ofRows(double[][] rows) {
        return fromArray(rows);
    }

    /** An INT32 matrix of equally long rows: shape [rows, columns]. */
    public static Tensor ofRows(int[][] rows) {
        return fromArray(rows);
    }

    /** An INT64 matrix of equally long rows: shape [rows, columns]. */
    public static Tensor ofRows(long[][] rows) {
        return fromArray(rows);
    }

    /** A STRING matrix of equally long rows: shape [rows, columns]. */
    public static Tensor ofRows(String[][] rows) {
        return fromArray(rows);
    }

    /**
     * A tensor from a Java array of any rank, from lists of lists, or from a single boxed number, Boolean or String, which
     * has rank 0. The elements' Java type says the tensor's: float → FLOAT, double → DOUBLE, byte → INT8, short → INT16, int → INT32,
     * long → INT64, boolean → BOOL, String → STRING.
     *
     * @throws InvalidRequestException if rows are unequally long or null, a list is empty, or elements are of another type,
     *     or in lists of several
     */
    public static Tensor fromArray(Object array) {
        return NestedArrays.toTensor(array);
    }

    /**
     * As {@link #fromArray(Object)}, with the elements converted to a type of the caller's choice.
     *
     * @throws InvalidRequestException also where an element is not exactly representable in that type
     */
    public static Tensor fromArray(DataType type, Object array) {
        return fromArray(array).convertTo(type);
    }

    /**
     * A tensor of the remaining elements of a buffer, which are in the buffer's byte order: a {@link ByteBuffer} is
     * {@link ByteOrder#BIG_ENDIAN} unless told otherwise, so set the order of a buffer that wraps bytes of another one.
     * The buffer's position does not move.
     *
     * @throws InvalidRequestException if the buffer has not exactly as many bytes as the shape needs
     */
    public static Tensor copyOf(DataType type, ByteBuffer data, long... shape) {
        return copyOf(type, data, Shape.of(shape));
    }

    /** As {@link #copyOf(DataType, ByteBuffer, long...)}, for a shape that is there already. */
    public static Tensor copyOf(DataType type, ByteBuffer data, Shape shape) {
        byte[] bytes = Storage.allocate(type, shape);
        Storage.requireBytes(type, shape, data.remaining());
        data.get(data.position(), bytes);
        if (data.order() != ByteOrder.nativeOrder()) {
            Storage.swapBytes(bytes, type.sizeBytes());
        }
        return owning(type, shape, Storage.requireBooleans(type, bytes));
    }

    /**
     * A tensor over memory of the caller, without copying it. The caller must not change the memory until the
     * {@code predict} it was passed to has returned; a prediction that outlives the call copies it first.
     *
     * @param data a direct buffer in the machine's byte order ({@link ByteOrder#nativeOrder()}), from its position to
     *     its limit, starting at a multiple of the element size
     * @throws InvalidRequestException if the buffer is not so, or has not exactly as many bytes as the shape needs
     */
    public static Tensor borrow(DataType type, ByteBuffer data, long... shape) {
        Shape checked = Shape.of(shape);
        Storage.requireBytes(type, checked, data.remaining());
        if (!data.isDirect() || data.order() != ByteOrder.nativeOrder()) {
            throw new InvalidRequestException("borrowed buffer is " + (data.isDirect() ? "direct" : "on the heap")
                    + " and " + data.order() + ", expected direct and " + ByteOrder.nativeOrder());
        }
        if (type.sizeBytes() > 1 && data.alignmentOffset(data.position(), type.sizeBytes()) != 0) {
            throw new InvalidRequestException("borrowed buffer does not start at a multiple of " + type.sizeBytes()
                    + " bytes, as " + type + " needs");
        }
        return new Tensor(type, checked, null, data.slice().order(ByteOrder.nativeOrder()), null);
    }

    public DataType type() {
        return type;
    }

    public Shape shape() {
        return shape;
    }

    public int elementCount() {
        return (int) shape.elementCount();
    }

    /** Bytes of all elements; 0 for STRING. */
    public int sizeBytes() {
        return elementCount() * type.sizeBytes();
    }

    @Override
    public boolean isBorrowed() {
        return borrowed != null;
    }

    @Override
    public Tensor owned() {
        return borrowed == null ? this : copyOf(type, borrowed, shape);
    }

    /**
     * The elements' bytes in the machine's byte order, read-only, without copying them.
     *
     * @throws InvalidRequestException for STRING
     */
    public ByteBuffer bytes() {
        return buffer().asReadOnlyBuffer().order(ByteOrder.nativeOrder());
    }

    /**
     * Puts the elements into a buffer at its position, in the buffer's byte order: a {@link ByteBuffer} is
     * {@link ByteOrder#BIG_ENDIAN} unless told otherwise.
     *
     * @throws InvalidRequestException for STRING
     * @throws java.nio.BufferOverflowException if the buffer has too little room
     */
    public void copyTo(ByteBuffer target) {
        ByteBuffer source = buffer();
        if (type.sizeBytes() > 1 && target.order() != ByteOrder.nativeOrder()) {
            byte[] swapped = new byte[sizeBytes()];
            source.get(swapped);
            Storage.swapBytes(swapped, type.sizeBytes());
            target.put(swapped);
        } else if (bytes != null) {
            target.put(bytes);
        } else {
            target.put(source);
        }
    }

    /** All elements, row by row. */
    public float[] toFloatArray() {
        float[] array = new float[elementCount()];
        ByteBuffer data = numbers();
        if (type == DataType.FLOAT) {
            data.asFloatBuffer().get(array);
            return array;
        }
        for (int i = 0; i < array.length; i++) {
            array[i] = Elements.readFloat(type, data, i);
        }
        return array;
    }

    /** All elements, row by row. */
    public double[] toDoubleArray() {
        double[] array = new double[elementCount()];
        ByteBuffer data = numbers();
        for (int i = 0; i < array.length; i++) {
            array[i] = Elements.readDouble(type, data, i);
        }
        return array;
    }

    /** All elements, row by row. */
    public byte[] toByteArray() {
        byte[] array = new byte[elementCount()];
        ByteBuffer data = numbers();
        for (int i = 0; i < array.length; i++) {
            array[i] = (byte) Elements.readBounded(type, data, i, DataType.INT8, Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
        return array;
    }

    /** All elements, row by row. */
    public short[] toShortArray() {
        short[] array = new short[elementCount()];
        ByteBuffer data = numbers();
        for (int i = 0; i < array.length; i++) {
            array[i] = (short) Elements.readBounded(type, data, i, DataType.INT16, Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return array;
    }

    /** All elements, row by row. */
    public int[] toIntArray() {
        int[] array = new int[elementCount()];
        ByteBuffer data = numbers();
        for (int i = 0; i < array.length; i++) {
            array[i] = (int) Elements.readBounded(type, data, i, DataType.INT32, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        return array;
    }

    /** All elements, row by row. */
    public long[] toLongArray() {
        long[] array = new long[elementCount()];
        ByteBuffer data = numbers();
        for (int i = 0; i < array.length; i++) {
            array[i] = Elements.readLong(type, data, i);
        }
        return array;
    }

    /** All elements of a BOOL tensor, row by row. */
    public boolean[] toBooleanArray() {
        requireType(DataType.BOOL);
        boolean[] array = new boolean[elementCount()];
        ByteBuffer data = buffer();
        for (int i = 0; i < array.length; i++) {
            array[i] = data.get(i) != 0;
        }
        return array;
    }

    /** All elements of a STRING tensor, row by row. */
    public String[] toStringArray() {
        requireType(DataType.STRING);
        return Objects.requireNonNull(strings).clone();
    }

    /** One element, counted row by row. */
    public float floatAt(int index) {
        return Elements.readFloat(type, numbers(), Objects.checkIndex(index, elementCount()));
    }

    /** One element, counted row by row. */
    public double doubleAt(int index) {
        return Elements.readDouble(type, numbers(), Objects.checkIndex(index, elementCount()));
    }

    /** One element, counted row by row. */
    public long longAt(int index) {
        return Elements.readLong(type, numbers(), Objects.checkIndex(index, elementCount()));
    }

    /** One element of a STRING tensor, counted row by row. */
    public String stringAt(int index) {
        requireType(DataType.STRING);
        return Objects.requireNonNull(strings)[index];
    }

    /**
     * A Java array of as many dimensions as the tensor has, or a boxed element for rank 0. Elements have the smallest
     * Java type that holds all values of the tensor's: UINT8 → short, UINT16 → int, UINT32 and UINT64 → long, FLOAT16
     * and BFLOAT16 → float.
     */
    public Object toArray() {
        return NestedArrays.unflatten(NestedArrays.flatArray(this), shape);
    }

    /**
     * A Java array of this class, for example {@code float[][].class}.
     *
     * @throws InvalidRequestException if its rank is another than the tensor's, or an element would change its value
     */
    public <T> T toArray(Class<T> arrayClass) {
        return arrayClass.cast(NestedArrays.unflatten(NestedArrays.flatArray(this, arrayClass), shape));
    }

    /**
     * The same elements in another shape.
     *
     * @throws InvalidRequestException if it has another number of elements
     */
    public Tensor reshape(long... newShape) {
        return new Tensor(type, Storage.requireCount(elementCount(), newShape), bytes, borrowed, strings);
    }

    /**
     * Tensors put below one another, in their order: as many rows as all of them have.
     *
     * @param tensors one or more, which differ in their first dimension at most
     * @throws InvalidRequestException if they differ otherwise, or have rank 0
     */
    public static Tensor joinRows(List<Tensor> tensors) {
        return TensorRows.join(tensors);
    }

    /**
     * Some of the rows, which are what the first dimension counts; copied.
     *
     * @throws InvalidRequestException if it has not that many, or has rank 0
     */
    public Tensor rows(int from, int count) {
        return TensorRows.part(this, from, count);
    }

    /**
     * The same numbers as another type.
     *
     * @throws InvalidRequestException if an element is not exactly representable in it
     */
    public Tensor convertTo(DataType target) {
        if (target == type) {
            return this;
        }
        ByteBuffer source = numbers();
        byte[] converted = Storage.allocate(target, shape);
        ByteBuffer buffer = Storage.wrap(converted);
        for (int i = 0; i < elementCount(); i++) {
            Elements.convert(type, source, target, buffer, i);
        }
        return owning(target, shape, converted);
    }

    /**
     * The nearest numbers of a 16-bit type, half to even.
     *
     * @param target FLOAT16 or BFLOAT16
     */
    public Tensor roundTo(DataType target) {
        if (target != DataType.FLOAT16 && target != DataType.BFLOAT16) {
            throw new InvalidRequestException("cannot round to " + target + ", expected FLOAT16 or BFLOAT16");
        }
        float[] values = toFloatArray();
        short[] bits = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Elements.round(target, values[i]);
        }
        return ofBits(target, bits, shape.toArray());
    }

    /** Same type, same shape, same bits. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Tensor that
                        && type == that.type
                        && shape.equals(that.shape)
                        && sameElements(that));
    }

    private boolean sameElements(Tensor that) {
        if (bytes != null && that.bytes != null) {
            return Arrays.equals(bytes, that.bytes);
        }
        return strings != null ? Arrays.equals(strings, that.strings) : buffer().equals(that.buffer());
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hash(type, shape) + (strings != null ? Arrays.hashCode(strings) : buffer().hashCode());
    }

    /**
     * A hash in 64 bits of type, shape and every element's bits: the same for equal tensors in one process, and another
     * one in the next. Spreads far better than {@link #hashCode}.
     */
    public long contentHash() {
        long hash = bytes != null
                ? ContentHash.of(bytes)
                : strings != null ? ContentHash.of(strings) : ContentHash.of(buffer());
        return ContentHash.mix(hash, 31L * shape.hashCode() + type.name().hashCode());
    }

    /** Type, shape and the first elements. */
    @Override
    public String toString() {
        return TensorText.of(this);
    }

    private ByteBuffer numbers() {
        if (type == DataType.BOOL || type == DataType.STRING) {
            throw Elements.notNumeric(type);
        }
        return buffer();
    }

    /** Position 0, in the machine's byte order; the caller must not write to it. */
    ByteBuffer buffer() {
        if (bytes != null) {
            return Storage.wrap(bytes);
        }
        if (borrowed == null) {
            throw new InvalidRequestException("a STRING tensor has no bytes, use toStringArray()");
        }
        return borrowed.duplicate().order(ByteOrder.nativeOrder());
    }

    /** The elements of a STRING tensor; not to be written to. */
    String[] strings() {
        requireType(DataType.STRING);
        return Objects.requireNonNull(strings);
    }

    private void requireType(DataType expected) {
        if (type != expected) {
            throw new InvalidRequestException("tensor is " + type + ", expected " + expected);
        }
    }
}
