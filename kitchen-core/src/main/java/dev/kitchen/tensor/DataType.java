package dev.kitchen.tensor;

/** The type of a tensor's elements. Names are ONNX's, with FLOAT for 32 and DOUBLE for 64 bits. */
public enum DataType {
    /** IEEE 754, 32 bits. */
    FLOAT(4),
    /** IEEE 754, 64 bits. */
    DOUBLE(8),
    /** IEEE 754, 16 bits. */
    FLOAT16(2),
    /** The upper 16 bits of a FLOAT. */
    BFLOAT16(2),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    /** One byte an element, 0 or 1. */
    BOOL(1),
    /** Text; stored as references, so without a fixed size. */
    STRING(0);

    private final int sizeBytes;

    DataType(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /** Bytes an element takes; 0 for STRING. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Whether elements are floating-point numbers of any width. */
    public boolean isFloating() {
        return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
    }

    /** Whether elements are integers, signed or not. BOOL is not a number. */
    public boolean isInteger() {
        return isUnsigned() || this == INT8 || this == INT16 || this == INT32 || this == INT64;
    }

    /** Whether elements are integers without a sign. */
    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
    }
}
