package dev.kitchen.tflite;

import dev.kitchen.error.ModelLoadException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The bytes of a flatbuffer. Nothing in them is trusted: every place is checked before it is read, and how much may be
 * read in all is limited, as places can be shared.
 */
final class FlatFile {

    /** Tables and vectors, of which the largest public models have tens of thousands. */
    private static final int MAX_PARTS = 4_000_000;

    private final Path path;
    private final ByteBuffer data;
    private int parts;

    FlatFile(Path path, byte[] data) {
        this.path = path;
        this.data = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The whole file; not to be changed. */
    byte[] bytes() {
        return data.array();
    }

    int size() {
        return data.capacity();
    }

    FlatTable root() {
        return table(0);
    }

    /** The table that an offset at this place leads to. */
    FlatTable table(int place) {
        return new FlatTable(this, follow(place));
    }

    /** Where the unsigned offset at this place leads. */
    int follow(int place) {
        countPart();
        long target = place + (readInt(place) & 0xffff_ffffL);
        requireInside(target, 4, place);
        return (int) target;
    }

    private void countPart() {
        if (++parts > MAX_PARTS) {
            throw refused("has more than " + MAX_PARTS + " parts");
        }
    }

    byte readByte(int place) {
        requireInside(place, 1, place);
        return data.get(place);
    }

    int readShort(int place) {
        requireInside(place, 2, place);
        return data.getShort(place) & 0xffff;
    }

    int readInt(int place) {
        requireInside(place, 4, place);
        return data.getInt(place);
    }

    long readLong(int place) {
        requireInside(place, 8, place);
        return data.getLong(place);
    }

    float readFloat(int place) {
        return Float.intBitsToFloat(readInt(place));
    }

    ByteBuffer slice(int place, int length) {
        requireInside(place, length, place);
        return data.slice(place, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    void requireInside(long place, long length, long reader) {
        if (place < 0 || length < 0 || place + length > data.capacity()) {
            throw damaged("what is said at byte " + reader + " lies outside of the file");
        }
    }

    ModelLoadException damaged(String problem) {
        return refused("is damaged: " + problem + "; copy or export it again");
    }

    ModelLoadException refused(String problem) {
        return new ModelLoadException("model file " + path + ": " + problem);
    }
}
