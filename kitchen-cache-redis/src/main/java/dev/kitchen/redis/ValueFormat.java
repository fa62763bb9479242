package dev.kitchen.redis;

import dev.kitchen.spi.CacheKey;
import dev.kitchen.tensor.NamedValues;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Answers as bytes: a header with a magic number, the version of this format, how the rest is packed and the key's
 * SHA-256; CRC32C over everything; then the values, deflated where that is shorter. Whatever is not exactly so is no
 * answer: nothing that lies in Redis is trusted.
 */
final class ValueFormat {

    static final int MAGIC = 0x4B636845;
    static final byte VERSION = 1;

    /** Magic, version, flags, length of the values, the key's hash, CRC. */
    static final int HEADER_BYTES = 4 + 1 + 1 + 4 + 32 + 4;

    private static final byte DEFLATED = 1;

    /** Deflate makes nothing shorter than this. */
    private static final int MAX_RATIO = 1032;

    private final int compressAboveBytes;
    private final int maxBytes;

    ValueFormat(int compressAboveBytes, int maxBytes) {
        this.compressAboveBytes = compressAboveBytes;
        this.maxBytes = maxBytes;
    }

    /** The bytes; empty where there would be too many of them. */
    Optional<byte[]> encode(CacheKey key, NamedValues outputs) {
        Optional<byte[]> values = ValueWriter.write(outputs, maxBytes);
        return values.map(it -> {
            Optional<byte[]> deflated = it.length > compressAboveBytes ? deflate(it) : Optional.empty();
            return framed(key, deflated.orElse(it), it.length, deflated.isPresent() ? DEFLATED : 0);
        });
    }

    private static byte[] framed(CacheKey key, byte[] body, int valueBytes, int flags) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + body.length);
        frame.putInt(MAGIC).put(VERSION).put((byte) flags).putInt(valueBytes);
        frame.put(HexFormat.of().parseHex(key.sha256()));
        frame.putInt(checksum(frame.array(), frame.position(), body, 0));
        return frame.put(body).array();
    }

    private static int checksum(byte[] header, int headerBytes, byte[] body, int from) {
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, headerBytes);
        checksum.update(body, from, body.length - from);
        return (int) checksum.getValue();
    }

    /** Empty where that is not shorter. */
    private static Optional<byte[]> deflate(byte[] values) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(values);
            deflater.finish();
            byte[] room = new byte[values.length - 1];
            int length = deflater.deflate(room);
            return deflater.finished() ? Optional.of(Arrays.copyOf(room, length)) : Optional.empty();
        } finally {
            deflater.end();
        }
    }

    /** The answer; empty where these bytes are none to this key. */
    Optional<NamedValues> decode(CacheKey key, byte[] bytes) {
        try {
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            if (bytes.length < HEADER_BYTES || frame.getInt() != MAGIC || frame.get() != VERSION) {
                return Optional.empty();
            }
            byte flags = frame.get();
            int valueBytes = frame.getInt();
            byte[] hash = new byte[32];
            frame.get(hash);
            int crc = frame.getInt();
            if (flags < 0 || flags > DEFLATED || valueBytes < 0 || valueBytes > maxBytes) {
                return Optional.empty();
            }
            if (!Arrays.equals(hash, HexFormat.of().parseHex(key.sha256()))
                    || crc != checksum(bytes, HEADER_BYTES - 4, bytes, HEADER_BYTES)) {
                return Optional.empty();
            }
            byte[] values = Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length);
            return Optional.of(ValueReader.read(flags == DEFLATED ? inflate(values, valueBytes) : values, valueBytes));
        } catch (RuntimeException | DataFormatException e) {
            return Optional.empty(); // whoever wrote that was no kitchen, or not one of this version
        }
    }

    private static byte[] inflate(byte[] deflated, int valueBytes) throws DataFormatException {
        if (valueBytes > (long) deflated.length * MAX_RATIO) {
            throw new DataFormatException("cannot become that long");
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(deflated);
            byte[] values = new byte[valueBytes];
            int length = inflater.inflate(values);
            if (length != valueBytes || !inflater.finished()) {
                // One more turn lets an exactly full array notice that it is the end.
                if (length != valueBytes || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
                    throw new DataFormatException("is not as long as it says");
                }
            }
            return values;
        } finally {
            inflater.end();
        }
    }
}
