package dev.kitchen.tflite;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A table of a flatbuffer: fields by slot, each of which may be missing and then has its default. */
final class FlatTable {

    private final FlatFile file;
    private final int place;
    private final int directory;
    private final int directoryBytes;
    private final int bytes;

    FlatTable(FlatFile file, int place) {
        this.file = file;
        this.place = place;
        long target = (long) place - file.readInt(place);
        file.requireInside(target, 4, place);
        this.directory = (int) target;
        this.directoryBytes = file.readShort(directory);
        this.bytes = file.readShort(directory + 2);
        file.requireInside(directory, directoryBytes, directory);
        file.requireInside(place, bytes, directory);
        if (directoryBytes < 4 || directoryBytes % 2 != 0 || bytes < 4) {
            throw file.damaged("the table at byte " + place + " has no directory of fields");
        }
    }

    /** Where a field of that many bytes is; -1 if the table has none. */
    private int field(int slot, int width) {
        int entry = 4 + 2 * slot;
        int offset = entry + 2 > directoryBytes ? 0 : file.readShort(directory + entry);
        if (offset == 0) {
            return -1;
        }
        if (offset < 4 || offset + width > bytes) {
            throw file.damaged("field " + slot + " of the table at byte " + place + " lies outside of it");
        }
        return place + offset;
    }

    boolean has(int slot) {
        return field(slot, 1) >= 0;
    }

    int byteAt(int slot, int otherwise) {
        int field = field(slot, 1);
        return field < 0 ? otherwise : file.readByte(field);
    }

    int intAt(int slot, int otherwise) {
        int field = field(slot, 4);
        return field < 0 ? otherwise : file.readInt(field);
    }

    long longAt(int slot, long otherwise) {
        int field = field(slot, 8);
        return field < 0 ? otherwise : file.readLong(field);
    }

    Optional<FlatTable> table(int slot) {
        int field = field(slot, 4);
        return field < 0 ? Optional.empty() : Optional.of(file.table(field));
    }

    /** A vector of numbers or offsets, each of that many bytes; an empty one where there is none. */
    FlatVector vector(int slot, int width) {
        int field = field(slot, 4);
        if (field < 0) {
            return new FlatVector(file, 0, 0, width);
        }
        int target = file.follow(field);
        long count = file.readInt(target) & 0xffff_ffffL;
        file.requireInside(target + 4L, count * width, target);
        return new FlatVector(file, target + 4, (int) count, width);
    }

    /** A text; the empty one where there is none. */
    String text(int slot) {
        FlatVector vector = vector(slot, 1);
        return StandardCharsets.UTF_8.decode(vector.bytes()).toString();
    }
}
