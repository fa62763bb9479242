package dev.kitchen.onnx.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/**
 * Ways to call a C function, by the types of its parameters. The function's address comes first; pointers and sizes are
 * longs, so that a call makes no objects.
 */
@SuppressWarnings("restricted") // native access is what this is for
final class CFunctions {

    private static final Linker LINKER = Linker.nativeLinker();

    static final MethodHandle LONG = returningLong();
    static final MethodHandle LONG_L = returningLong(JAVA_LONG);
    static final MethodHandle LONG_LL = returningLong(JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_LLL = returningLong(JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_LLLL = returningLong(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_LLLLL = returningLong(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_LLLLLLLL =
            returningLong(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_I = returningLong(JAVA_INT);
    static final MethodHandle LONG_LI = returningLong(JAVA_LONG, JAVA_INT);
    static final MethodHandle LONG_ILLL = returningLong(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_IIL = returningLong(JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle LONG_LILL = returningLong(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LONG_LLIL = returningLong(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    static final MethodHandle LONG_LLLIL = returningLong(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    static final MethodHandle LONG_LLLLLIL =
            returningLong(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
    static final MethodHandle INT_L = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    static final MethodHandle VOID_L = LINKER.downcallHandle(FunctionDescriptor.ofVoid(JAVA_LONG));

    private CFunctions() {}

    private static MethodHandle returningLong(MemoryLayout... parameters) {
        return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_LONG, parameters));
    }

    /** Only says that pointers are as wide as longs here, which all of the above rests on. */
    static boolean isUsable() {
        return ADDRESS.byteSize() == JAVA_LONG.byteSize();
    }
}
