package dev.kitchen.tflite;

import dev.kitchen.tensor.DataType;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The element types of TensorFlow Lite, by the numbers they have in a file and in the runtime. */
enum ElementType {
    FLOAT32(0, 1, 32, DataType.FLOAT),
    FLOAT16(1, 10, 16, DataType.FLOAT16),
    INT32(2, 2, 32, DataType.INT32),
    UINT8(3, 3, 8, DataType.UINT8),
    INT64(4, 4, 64, DataType.INT64),
    STRING(5, 5, 0, DataType.STRING),
    BOOL(6, 6, 8, DataType.BOOL),
    INT16(7, 7, 16, DataType.INT16),
    COMPLEX64(8, 8, 64, null),
    INT8(9, 9, 8, DataType.INT8),
    FLOAT64(10, 11, 64, DataType.DOUBLE),
    COMPLEX128(11, 12, 128, null),
    UINT64(12, 13, 64, DataType.UINT64),
    RESOURCE(13, 14, 0, null),
    VARIANT(14, 15, 0, null),
    UINT32(15, 16, 32, DataType.UINT32),
    UINT16(16, 17, 16, DataType.UINT16),
    INT4(17, 18, 4, null),
    BFLOAT16(18, 19, 16, DataType.BFLOAT16),
    INT2(19, 20, 2, null);

    private final int inFile;
    private final int inRuntime;
    private final int bits;
    private final @Nullable DataType dataType;

    ElementType(int inFile, int inRuntime, int bits, @Nullable DataType dataType) {
        this.inFile = inFile;
        this.inRuntime = inRuntime;
        this.bits = bits;
        this.dataType = dataType;
    }

    static Optional<ElementType> inFile(int code) {
        return Arrays.stream(values()).filter(it -> it.inFile == code).findFirst();
    }

    int codeInFile() {
        return inFile;
    }

    boolean isInRuntime(int code) {
        return inRuntime == code;
    }

    /** What callers see; empty for types that no Kitchen tensor has. */
    Optional<DataType> dataType() {
        return Optional.ofNullable(dataType);
    }

    /** Whether elements have a size, so that a buffer's can be checked. */
    boolean isSized() {
        return bits > 0;
    }

    /** How many bytes that many elements take; small ones are packed. */
    long bytes(long elements) {
        return (Math.multiplyExact(elements, bits) + 7) / 8;
    }

    /** Whether these are numbers that scale and zero point make real ones. */
    boolean isQuantizable() {
        return switch (this) {
            case UINT8, INT8, INT16, INT32, INT64, INT4, INT2, UINT16, UINT32 -> true;
            default -> false;
        };
    }

    /** The least number of an integer type. */
    long least() {
        return isUnsigned() ? 0 : -1L << (bits - 1);
    }

    /** The greatest number of an integer type. */
    long most() {
        return isUnsigned() ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
    }

    private boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32;
    }
}
