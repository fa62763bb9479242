package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads protobuf's wire format from a file, field by field, holding no more of it in memory than one buffer. Every
 * length is checked against the message that contains it before anything is done with it.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protobuf encoding</a>
 */
final class ProtoReader {

    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int BYTES = 2;
    static final int FIXED_32 = 5;

    /** As deep as protobuf itself goes. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_STRING_BYTES = 1 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final @Nullable FileChannel channel;
    private final ByteBuffer buffer;
    /** Where in the file the buffer begins. */
    private long bufferStart;
    /** Where the message that is being read ends. */
    private long end;

    private int depth;
    private int field;
    private int wireType;
    private long fieldStart;

    /** A reader of a file. */
    ProtoReader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
        this.end = channel.size();
    }

    /** A reader of a file's content, which is in memory. */
    ProtoReader(Path file, ByteBuffer content) {
        this.file = file;
        this.channel = null;
        this.buffer = content.duplicate();
        this.end = content.limit();
    }

    /** What to do with a message's fields, one after the other. */
    interface Message {
        /** Called on each field; one whose value is not read is skipped. */
        void field(int number) throws IOException;
    }

    /** Reads the fields up to the end of the message. */
    void readFields(Message message) throws IOException {
        while (position() < end) {
            fieldStart = position();
            long tag = varint();
            field = (int) (tag >>> 3);
            wireType = (int) (tag & 7);
            if (tag >>> 32 != 0 || field == 0) {
                throw damaged("has a field with the tag " + tag);
            }
            long valueStart = position();
            message.field(field);
            if (position() == valueStart) {
                skip();
            }
        }
    }

    /** Reads the value of the current field as a message. */
    void readMessage(Message message) throws IOException {
        long length = length();
        long outerEnd = end;
        if (++depth > MAX_DEPTH) {
            throw damaged("nests messages deeper than " + MAX_DEPTH + " levels");
        }
        end = position() + length;
        readFields(message);
        end = outerEnd;
        depth--;
    }

    /** Where the current field began, tag included. */
    long fieldStart() {
        return fieldStart;
    }

    int wireType() {
        return wireType;
    }

    /** Where the next byte is read from. */
    long position() {
        return bufferStart + buffer.position();
    }

    /** The value of the current field, an integer. */
    long integer() throws IOException {
        require(VARINT);
        return varint();
    }

    /** What an integer field that may be packed holds, one call per number. */
    void integers(Integers numbers) throws IOException {
        if (wireType == VARINT) {
            numbers.number(varint());
            return;
        }
        long stop = length();
        stop += position();
        while (position() < stop) {
            numbers.number(varint());
        }
        if (position() != stop) {
            throw damaged("has a list of numbers whose last one is cut off");
        }
    }

    /** Passes the numbers of a list of 32-bit floats, packed or not. */
    void floats(Floats numbers) throws IOException {
        fixed(FIXED_32, 4, () -> numbers.number(Float.intBitsToFloat((int) littleEndian(4))));
    }

    /** Passes the numbers of a list of 64-bit floats, packed or not. */
    void doubles(Floats numbers) throws IOException {
        fixed(FIXED_64, 8, () -> numbers.number(Double.longBitsToDouble(littleEndian(8))));
    }

    private void fixed(int single, int size, Step step) throws IOException {
        if (wireType == single) {
            step.take();
            return;
        }
        long length = length();
        if (length % size != 0) {
            throw damaged("has a list of numbers whose last one is cut off");
        }
        for (long stop = position() + length; position() < stop; ) {
            step.take();
        }
    }

    private long littleEndian(int size) throws IOException {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (next() & 0xffL) << (8 * i);
        }
        return value;
    }

    /** Reads something. */
    private interface Step {
        void take() throws IOException;
    }

    /** Takes floating point numbers. */
    interface Floats {
        void number(double number);
    }

    /** Takes numbers. */
    interface Integers {
        void number(long number);
    }

    /** The value of the current field, a text. */
    String text() throws IOException {
        long length = length();
        if (length > MAX_STRING_BYTES) {
            throw damaged("has a text of " + length + " bytes, expected at most " + MAX_STRING_BYTES);
        }
        byte[] bytes = content((int) length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged("has a text that is not UTF-8");
        }
    }

    /** How many bytes the content of the current field has, which is a text, bytes, a message or a packed list. */
    long peekLength() throws IOException {
        require(BYTES);
        long mark = position();
        long length = length();
        seek(mark);
        return length;
    }

    /** The content of the current field, whose length has been looked at. */
    byte[] bytes() throws IOException {
        return content((int) length());
    }

    private byte[] content(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = next();
        }
        return bytes;
    }

    /** Passes over the value of the current field; returns how many bytes of content it has. */
    long skip() throws IOException {
        return switch (wireType) {
            case VARINT -> {
                varint();
                yield 1;
            }
            case FIXED_64 -> jump(8);
            case BYTES -> jump(length());
            case FIXED_32 -> jump(4);
            default -> throw damaged("has a field of wire type " + wireType);
        };
    }

    /** Passes over a text; returns whether it has a byte that begins a character above U+FFFF. */
    boolean skipText() throws IOException {
        long length = length();
        boolean found = false;
        for (long i = 0; i < length; i++) {
            found |= (next() & 0xf8) == 0xf0;
        }
        return found;
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw damaged("has the field " + field + " with wire type " + wireType + ", expected " + expected);
        }
    }

    private long length() throws IOException {
        require(BYTES);
        long length = varint();
        if (length < 0 || length > end - position()) {
            throw damaged("is cut off: the field " + field + " has " + Long.toUnsignedString(length)
                    + " bytes, but only " + (end - position()) + " follow");
        }
        return length;
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = next();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged("has a number of more than 10 bytes");
    }

    private byte next() throws IOException {
        if (position() >= end) {
            throw damaged("is cut off in the middle of a field");
        }
        if (!buffer.hasRemaining()) {
            fill(position());
        }
        return buffer.get();
    }

    private long jump(long count) throws IOException {
        if (count > end - position()) {
            throw damaged("is cut off: " + count + " bytes expected, but only " + (end - position()) + " follow");
        }
        seek(position() + count);
        return count;
    }

    private void seek(long target) {
        if (target >= bufferStart && target <= bufferStart + buffer.limit()) {
            buffer.position((int) (target - bufferStart));
        } else {
            bufferStart = target;
            buffer.limit(0);
        }
    }

    private void fill(long from) throws IOException {
        if (channel == null) {
            throw damaged("is cut off in the middle of a field");
        }
        bufferStart = from;
        buffer.clear();
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
            // reads until the buffer is full or the file ends
        }
        buffer.flip();
        if (!buffer.hasRemaining()) {
            throw damaged("became shorter while it was read");
        }
    }

    /** The exception for a file that is no ONNX model, saying in what way. */
    ModelLoadException damaged(String what) {
        return new ModelLoadException("model file " + file + ": " + what + " (at byte " + position()
                + "), expected an ONNX model; copy or export it again");
    }

    /** The exception for a model that is not to be loaded. */
    ModelLoadException refused(String what) {
        return new ModelLoadException("model file " + file + ": " + what);
    }
}
