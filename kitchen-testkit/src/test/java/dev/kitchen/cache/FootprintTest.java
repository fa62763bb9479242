package dev.kitchen.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A cache that counts too little takes more memory than it may. */
class FootprintTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "5e".repeat(32));
    private static final String TEXT = "t".repeat(900);
    private static final int TEXT_BYTES = 2 * TEXT.length();
    /** What an answer with a few small values takes besides their contents. */
    private static final int MOST_AROUND = 2_000;

    private static int footprint(Value input, CallOptions options, NamedValues outputs) {
        return Footprint.of(CacheKey.of(ARTIFACT, PredictionRequest.of(Map.of("x", input), options)), outputs);
    }

    private static int footprint(CallOptions options) {
        return footprint(floats(1), options, NamedValues.of("y", floats(1)));
    }

    private static int footprint(String name, Value output) {
        return footprint(floats(1), CallOptions.defaults(), NamedValues.of(name, output));
    }

    private static Tensor floats(int count) {
        return Tensor.of(new float[count], count);
    }

    private static void isAbout(int footprint, int contents) {
        assertThat(footprint).isBetween(contents + Footprint.ENTRY_BYTES, contents + MOST_AROUND);
    }

    @Test
    void countsTheInputsAndTheOutputs() {
        int footprint = footprint(floats(1_000), CallOptions.defaults(), NamedValues.of("y", floats(2_000)));

        isAbout(footprint, 12_000);
    }

    @Test
    void countsTheNamesOfOutputsAlsoOfThoseAskedFor() {
        isAbout(footprint(TEXT, floats(1)), TEXT_BYTES);
        isAbout(footprint(CallOptions.requestedOutputs(TEXT, TEXT + "2")), 2 * TEXT_BYTES);
    }

    @Test
    void countsParametersWithTheirNames() {
        CallOptions options = CallOptions.builder()
                .parameter(TEXT, TEXT + TEXT)
                .parameter("b", TEXT)
                .build();

        isAbout(footprint(options), 4 * TEXT_BYTES);
    }

    @Test
    void countsTexts() {
        isAbout(footprint("y", Tensor.ofStrings(new String[] {TEXT, TEXT, TEXT}, 3)), 3 * TEXT_BYTES);
    }

    @Test
    void countsSequencesAndMaps() {
        MapValue labels = MapValue.of(DataType.STRING, DataType.STRING, Map.of(TEXT, TEXT + TEXT, TEXT + "2", TEXT));

        isAbout(footprint("y", labels), 5 * TEXT_BYTES);
        isAbout(footprint("y", new SequenceValue(List.of(floats(1_000), floats(500)))), 6_000);
    }

    @Test
    void countsEveryEntryOfAMapOfNumbers() {
        MapValue one = MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 1f));
        MapValue two = MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 1f, 2L, 1f));

        assertThat(footprint("y", two) - footprint("y", one)).isBetween(12, 500);
    }
}
