package dev.kitchen.onnx.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Memory that C code knows by its address. */
@SuppressWarnings("restricted") // native access is what this is for
final class CMemory {

    private CMemory() {}

    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    static long longAt(long address) {
        return at(address, Long.BYTES).get(ValueLayout.JAVA_LONG, 0);
    }

    /** A text that ends with a zero byte; what is not UTF-8 in it becomes U+FFFD. */
    static String textAt(long address) {
        return address == 0
                ? ""
                : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** The text with a zero byte after it. */
    static long text(SegmentAllocator allocator, String text) {
        return allocator.allocateFrom(text, StandardCharsets.UTF_8).address();
    }

    /** The addresses of texts, as an array. */
    static MemorySegment texts(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, texts.size()));
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.JAVA_LONG, i, text(arena, texts.get(i)));
        }
        return array;
    }
}
