package dev.kitchen.tflite;

import java.nio.ByteBuffer;

/** A vector of a flatbuffer, known to lie inside of the file. */
final class FlatVector {

    private final FlatFile file;
    private final int place;
    private final int count;
    private final int width;

    FlatVector(FlatFile file, int place, int count, int width) {
        this.file = file;
        this.place = place;
        this.count = count;
        this.width = width;
    }

    int place() {
        return place;
    }

    int count() {
        return count;
    }

    int intAt(int index) {
        return file.readInt(placeOf(index));
    }

    long longAt(int index) {
        return file.readLong(placeOf(index));
    }

    float floatAt(int index) {
        return file.readFloat(placeOf(index));
    }

    FlatTable tableAt(int index) {
        return file.table(placeOf(index));
    }

    int[] ints() {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = intAt(i);
        }
        return values;
    }

    ByteBuffer bytes() {
        return file.slice(place, count * width);
    }

    private int placeOf(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        return place + index * width;
    }
}
