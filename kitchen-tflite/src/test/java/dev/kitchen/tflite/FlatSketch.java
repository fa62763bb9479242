package dev.kitchen.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A flatbuffer written front to back: tables with their fields by slot, whose values are numbers, texts, arrays, tables
 * and lists of tables.
 */
final class FlatSketch {

    private static final int ALIGNMENT = 16;

    private ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final Deque<Pending> pending = new ArrayDeque<>();

    /** What is still to be written, and the place of the offset that leads there. */
    private record Pending(int place, Object value) {}

    /** A table: values by slot. */
    static final class Table {

        private final Map<Integer, Object> fields = new TreeMap<>();

        Table with(int slot, Object value) {
            fields.put(slot, value);
            return this;
        }
    }

    static byte[] write(Table root, String identifier) {
        FlatSketch sketch = new FlatSketch();
        sketch.out.putInt(0);
        sketch.out.put(identifier.getBytes(StandardCharsets.US_ASCII));
        sketch.pending.add(new Pending(0, root));
        while (!sketch.pending.isEmpty()) {
            sketch.writeNext(sketch.pending.poll());
        }
        sketch.align(ALIGNMENT, 0);
        byte[] bytes = new byte[sketch.out.position()];
        sketch.out.get(0, bytes);
        return bytes;
    }

    private void writeNext(Pending next) {
        Object value = next.value();
        if (value instanceof Table table) {
            writeTable(next.place(), table);
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            beginVector(next.place(), bytes.length, 4, bytes.length + 1);
            out.put(bytes).put((byte) 0);
        } else if (value instanceof byte[] bytes) {
            beginVector(next.place(), bytes.length, ALIGNMENT, bytes.length);
            out.put(bytes);
        } else if (value instanceof int[] ints) {
            beginVector(next.place(), ints.length, 4, 4 * ints.length);
            for (int element : ints) {
                out.putInt(element);
            }
        } else if (value instanceof float[] floats) {
            beginVector(next.place(), floats.length, 4, 4 * floats.length);
            for (float element : floats) {
                out.putFloat(element);
            }
        } else if (value instanceof long[] longs) {
            beginVector(next.place(), longs.length, 8, 8 * longs.length);
            for (long element : longs) {
                out.putLong(element);
            }
        } else if (value instanceof List<?> tables) {
            beginVector(next.place(), tables.size(), 4, 4 * tables.size());
            for (Object table : tables) {
                pending.add(new Pending(out.position(), table));
                out.putInt(0);
            }
        } else {
            throw new IllegalArgumentException("no vector: " + value);
        }
    }

    /** The count goes right before the elements, which are aligned. */
    private void beginVector(int place, int count, int alignment, int bytes) {
        align(alignment, 4);
        room(bytes + 4);
        out.putInt(place, out.position() - place);
        out.putInt(count);
    }

    private void writeTable(int place, Table table) {
        int slots = table.fields.isEmpty() ? 0 : ((TreeMap<Integer, Object>) table.fields).lastKey() + 1;
        int[] offsets = new int[slots];
        int size = 4;
        for (Map.Entry<Integer, Object> field : table.fields.entrySet()) {
            int width = width(field.getValue());
            size = (size + width - 1) / width * width;
            offsets[field.getKey()] = size;
            size += width;
        }
        align(2, 0);
        room(4 + 2 * slots + size + 32);
        int directory = out.position();
        out.putShort((short) (4 + 2 * slots)).putShort((short) size);
        for (int offset : offsets) {
            out.putShort((short) offset);
        }
        align(8, 0);
        int start = out.position();
        out.putInt(place, start - place);
        out.putInt(start - directory);
        out.position(start + size);
        table.fields.forEach((slot, value) -> writeField(start + offsets[slot], value));
    }

    private void writeField(int place, Object value) {
        if (value instanceof Byte number) {
            out.put(place, number);
        } else if (value instanceof Boolean flag) {
            out.put(place, (byte) (flag ? 1 : 0));
        } else if (value instanceof Integer number) {
            out.putInt(place, number);
        } else if (value instanceof Float number) {
            out.putFloat(place, number);
        } else if (value instanceof Long number) {
            out.putLong(place, number);
        } else {
            pending.add(new Pending(place, value));
        }
    }

    private static int width(Object value) {
        if (value instanceof Byte || value instanceof Boolean) {
            return 1;
        }
        return value instanceof Long ? 8 : 4;
    }

    private void align(int alignment, int before) {
        room(alignment);
        while ((out.position() + before) % alignment != 0) {
            out.put((byte) 0);
        }
    }

    private void room(int bytes) {
        if (out.remaining() < bytes + ALIGNMENT) {
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * (out.capacity() + bytes)).order(ByteOrder.LITTLE_ENDIAN);
            out = larger.put(out.flip());
        }
    }
}
