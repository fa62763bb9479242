package dev.kitchen.onnx.graph;

/** Element types in the order of ONNX's numbers for them ({@code TensorProto.DataType}). */
public enum ElementType {
    /** No type, or one that is newer than this list. */
    UNDEFINED(0),
    FLOAT(32),
    UINT8(8),
    INT8(8),
    UINT16(16),
    INT16(16),
    INT32(32),
    INT64(64),
    STRING(0),
    BOOL(8),
    FLOAT16(16),
    DOUBLE(64),
    UINT32(32),
    UINT64(64),
    COMPLEX64(64),
    COMPLEX128(128),
    BFLOAT16(16),
    FLOAT8E4M3FN(8),
    FLOAT8E4M3FNUZ(8),
    FLOAT8E5M2(8),
    FLOAT8E5M2FNUZ(8),
    UINT4(4),
    INT4(4),
    FLOAT4E2M1(4),
    FLOAT8E8M0(8),
    UINT2(2),
    INT2(2);

    private static final ElementType[] ALL = values();

    private final int bits;

    ElementType(int bits) {
        this.bits = bits;
    }

    /** Returns the type with this number, or {@link #UNDEFINED}. */
    public static ElementType of(long number) {
        return number >= 0 && number < ALL.length ? ALL[(int) number] : UNDEFINED;
    }

    /** Returns the size of one element in bits; 0 where elements have no fixed size. */
    public int bits() {
        return bits;
    }

    /** Returns whether elements are whole numbers. */
    public boolean isInteger() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64, UINT4, INT4, UINT2, INT2 -> true;
            default -> false;
        };
    }

    /** Returns whether several elements share a byte. */
    public boolean isPacked() {
        return bits == 4 || bits == 2;
    }

    /** Returns whether elements may be negative whole numbers. */
    public boolean isSigned() {
        return this == INT8 || this == INT16 || this == INT32 || this == INT64 || this == INT4 || this == INT2;
    }
}
