package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Whatever lies in Redis, reading it ends with the answer that was written, or with none. */
class ValueFormatTest {

    private final ValueFormat format = new ValueFormat(200, 100_000);

    private static CacheKey key(float number) {
        return CacheKey.of(
                new VersionIdentity("m", "1", "5e".repeat(32)),
                PredictionRequest.of(Map.of("x", Tensor.of(new float[] {number}, 1)), CallOptions.defaults()));
    }

    private static NamedValues outputs() {
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("y", Tensor.of(new float[] {1, Float.NaN, -0f}, 3));
        values.put("texts", Tensor.ofStrings(new String[] {"a", "\u20ac", ""}, 3));
        values.put("maps", new SequenceValue(List.of(MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 2f)))));
        values.put("none", new EmptyOptional());
        return NamedValues.of(values);
    }

    private static NamedValues large() {
        return NamedValues.of("y", Tensor.of(new float[1_000], 10, 100));
    }

    /** With the right checksum: somebody who knows the format. */
    private static byte[] signed(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, ValueFormat.HEADER_BYTES - 4);
        checksum.update(bytes, ValueFormat.HEADER_BYTES, bytes.length - ValueFormat.HEADER_BYTES);
        ByteBuffer.wrap(bytes).putInt(ValueFormat.HEADER_BYTES - 4, (int) checksum.getValue());
        return bytes;
    }

    @Test
    void readsWhatItWrote() {
        for (NamedValues outputs : List.of(outputs(), large())) {
            byte[] bytes = format.encode(key(1), outputs).orElseThrow();
            assertThat(format.decode(key(1), bytes)).contains(outputs);
        }
        assertThat(format.encode(key(1), large()).orElseThrow()).hasSizeLessThan(500);
    }

    @Test
    void anotherKeysAnswerIsNone() {
        byte[] bytes = format.encode(key(1), outputs()).orElseThrow();

        assertThat(format.decode(key(2), bytes)).isEmpty();
    }

    @Test
    void writesNoMoreThanItReads() {
        NamedValues huge = NamedValues.of("y", Tensor.of(new float[30_000], 30_000));

        assertThat(format.encode(key(1), huge)).isEmpty();
        byte[] bytes = new ValueFormat(200, 1 << 20).encode(key(1), huge).orElseThrow();
        assertThat(bytes).hasSizeLessThan(5_000);
        assertThat(format.decode(key(1), bytes)).isEmpty();
    }

    @Test
    void truncatedAnywhereItIsNone() {
        for (NamedValues outputs : List.of(outputs(), large())) {
            byte[] bytes = format.encode(key(1), outputs).orElseThrow();
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThat(format.decode(key(1), cut)).isEmpty();
                if (length >= ValueFormat.HEADER_BYTES) {
                    assertThat(format.decode(key(1), signed(cut))).isEmpty();
                }
            }
            assertThat(format.decode(key(1), signed(Arrays.copyOf(bytes, bytes.length + 1)))
                            .isPresent())
                    .isEqualTo(bytes[5] == 1); // what follows a deflated end is not read
        }
    }

    @Test
    void anyFlippedBitMakesItNone() {
        byte[] bytes = format.encode(key(1), outputs()).orElseThrow();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(format.decode(key(1), flipped)).as("bit %s", bit).isEmpty();
        }
    }

    @Test
    void anotherVersionOrMagicIsNone() {
        byte[] bytes = format.encode(key(1), outputs()).orElseThrow();
        byte[] newer = bytes.clone();
        newer[4]++;
        byte[] other = bytes.clone();
        other[0]++;

        assertThat(format.decode(key(1), signed(newer))).isEmpty();
        assertThat(format.decode(key(1), signed(other))).isEmpty();
    }

    @Test
    void aBombIsNone() {
        byte[] bytes = format.encode(key(1), large()).orElseThrow();
        for (int claimed : new int[] {0, 1, 4_000, 99_999, 100_001, Integer.MAX_VALUE, -1}) {
            byte[] bomb = bytes.clone();
            ByteBuffer.wrap(bomb).putInt(6, claimed);
            assertThat(format.decode(key(1), signed(bomb))).as("%s", claimed).isEmpty();
        }
    }

    @Test
    void nobodysBytesDoHarm() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] good = format.encode(key(1), outputs()).orElseThrow();
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = good.clone();
            int changes = 1 + random.nextInt(6);
            for (int j = 0; j < changes; j++) {
                int position = ValueFormat.HEADER_BYTES + random.nextInt(bytes.length - ValueFormat.HEADER_BYTES);
                bytes[position] = (byte) random.nextInt(256);
            }
            format.decode(key(1), signed(bytes))
                    .ifPresent(it -> assertThat(it.toString()).isNotEmpty());
        }
    }
}
