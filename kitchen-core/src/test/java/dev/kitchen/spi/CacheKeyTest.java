package dev.kitchen.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CacheKeyTest {

    /** The bits of two floats, which are also other things. */
    private static final byte[] BITS = {1, 2, 3, 4, 5, 6, 7, 8};

    /** Each makes its key anew; no two of them mean the same. */
    private final List<Supplier<CacheKey>> different = new ArrayList<>();

    private static CacheKey key(Value x) {
        return key(Map.of("x", x));
    }

    private static CacheKey key(Map<String, ? extends Value> inputs) {
        return key(artifact("m", "1", "abc"), inputs, CallOptions.defaults());
    }

    private static CacheKey key(VersionIdentity artifact, CallOptions options) {
        return key(artifact, Map.of("x", Tensor.of(new float[] {1, 2}, 2)), options);
    }

    private static CacheKey key(VersionIdentity artifact, Map<String, ? extends Value> inputs, CallOptions options) {
        return CacheKey.of(artifact, PredictionRequest.of(NamedValues.of(inputs), options));
    }

    private static VersionIdentity artifact(String model, String version, String identity) {
        return new VersionIdentity(model, version, identity);
    }

    private static Tensor tensor(DataType type, long... shape) {
        return Tensor.copyOf(type, ByteBuffer.wrap(BITS).order(ByteOrder.nativeOrder()), shape);
    }

    private static Map<String, Tensor> inOrder(String first, Tensor one, String second, Tensor two) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put(first, one);
        inputs.put(second, two);
        return inputs;
    }

    private void addTensors() {
        for (DataType type : List.of(DataType.FLOAT, DataType.INT32, DataType.UINT32)) {
            different.add(() -> key(tensor(type, 2)));
            different.add(() -> key(tensor(type, 2, 1)));
            different.add(() -> key(tensor(type, 1, 2)));
        }
        for (DataType type : List.of(DataType.DOUBLE, DataType.INT64, DataType.UINT64)) {
            different.add(() -> key(tensor(type)));
            different.add(() -> key(tensor(type, 1)));
            different.add(() -> key(tensor(type, 1, 1)));
        }
        different.add(() -> key(tensor(DataType.INT8, 2, 4)));
        different.add(() -> key(tensor(DataType.INT8, 4, 2)));
        for (float zero : new float[] {0f, -0f}) {
            different.add(() -> key(Tensor.of(new float[] {zero})));
        }
        for (int nan : new int[] {0x7fc00000, 0x7fc00001, 0x7f800001, 0xffc00000}) {
            different.add(() -> key(Tensor.ofBits(DataType.FLOAT, new int[] {nan})));
            different.add(() -> key(map(Float.intBitsToFloat(nan))));
        }
        different.add(() -> key(Tensor.of(new float[0], 0)));
        different.add(() -> key(Tensor.of(new float[0], 0, 3)));
        different.add(() -> key(Tensor.of(new double[0], 0)));
    }

    private void addTexts() {
        for (String[] texts :
                new String[][] {{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"\ud800", "\udc00"}}) {
            different.add(() -> key(Tensor.ofStrings(texts, 2)));
            different.add(() -> key(Tensor.ofStrings(texts, 1, 2)));
        }
        different.add(() -> key(Tensor.ofStrings(new String[] {"\udc00", "\ud800"}, 2)));
    }

    private static MapValue map(float value) {
        return MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", value));
    }

    private void addOtherValues() {
        Tensor one = Tensor.of(new float[] {1});
        different.add(() -> key(new EmptyOptional()));
        different.add(() -> key(new SequenceValue(List.of())));
        different.add(() -> key(one));
        different.add(() -> key(new SequenceValue(List.of(one))));
        different.add(() -> key(new SequenceValue(List.of(one, one))));
        different.add(() -> key(new SequenceValue(List.of(new SequenceValue(List.of(one, one))))));
        different.add(() -> key(new SequenceValue(List.of(map(0f)))));
        different.add(() -> key(map(0f)));
        different.add(() -> key(map(-0f)));
        different.add(() -> key(MapValue.of(DataType.STRING, DataType.DOUBLE, Map.of("a", 0d))));
        different.add(() -> key(MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(0L, 0f))));
        different.add(() -> key(MapValue.of(DataType.INT64, DataType.STRING, Map.of())));
        different.add(() -> key(MapValue.of(DataType.INT64, DataType.FLOAT, Map.of())));
    }

    private void addNamesAndOrder() {
        Tensor one = Tensor.of(new float[] {1});
        Tensor two = Tensor.of(new float[] {2});
        different.add(() -> key(inOrder("x", one, "y", two)));
        different.add(() -> key(inOrder("y", two, "x", one)));
        different.add(() -> key(inOrder("x", two, "y", one)));
        different.add(() -> key(inOrder("y", one, "x", two)));
        different.add(() -> key(Map.of("y", one)));
        different.add(() -> key(Map.of("xx", one)));
        different.add(() -> key(Map.of()));
    }

    private void addArtifactsAndOptions() {
        VersionIdentity usual = artifact("m", "1", "abc");
        different.add(() -> key(artifact("n", "1", "abc"), CallOptions.defaults()));
        different.add(() -> key(artifact("m", "2", "abc"), CallOptions.defaults()));
        different.add(() -> key(artifact("m", "1", "abd"), CallOptions.defaults()));
        different.add(() -> key(artifact("m1", "", "abc"), CallOptions.defaults()));
        different.add(() -> key(artifact("m", "1a", "bc"), CallOptions.defaults()));
        different.add(() -> key(usual, CallOptions.defaults()));
        different.add(() -> key(usual, CallOptions.requestedOutputs("a")));
        different.add(() -> key(usual, CallOptions.requestedOutputs("a", "b")));
        different.add(() -> key(usual, CallOptions.requestedOutputs("b", "a")));
        different.add(() -> key(usual, CallOptions.requestedOutputs("ab")));
        for (String[] parameter : new String[][] {{"a", "b"}, {"b", "a"}, {"ab", ""}, {"a", "bc"}}) {
            different.add(() -> key(
                    usual,
                    CallOptions.builder().parameter(parameter[0], parameter[1]).build()));
        }
        different.add(() -> key(
                usual,
                CallOptions.builder().parameter("a", "b").parameter("b", "a").build()));
        different.add(() -> key(
                usual,
                CallOptions.builder().requestedOutputs("a").parameter("a", "b").build()));
    }

    @Test
    void whatDiffersInAnythingNeverMeets() {
        addTensors();
        addTexts();
        addOtherValues();
        addNamesAndOrder();
        addArtifactsAndOptions();
        different.add(() -> CacheKey.of(
                artifact("m", "1", "abc"),
                PredictionRequest.of(Map.of("x", Tensor.of(new float[] {1, 2, 3}, 3)), CallOptions.defaults())));

        for (int i = 0; i < different.size(); i++) {
            CacheKey key = different.get(i).get();
            for (int j = 0; j < different.size(); j++) {
                CacheKey other = different.get(j).get();
                assertThat(key.equals(other))
                        .as("%s (%s) and %s (%s)", key, i, other, j)
                        .isEqualTo(i == j);
                assertThat(key.sha256().equals(other.sha256()))
                        .as("SHA-256 of %s (%s) and %s (%s)", key, i, other, j)
                        .isEqualTo(i == j);
                assertThat(i != j || key.hashCode() == other.hashCode()).isTrue();
            }
        }
    }

    @Test
    void randomTensorsMeetThemselvesBorrowedOrNotAndNoOther() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[4 * random.nextInt(300)];
            random.nextBytes(bytes);
            ByteBuffer memory =
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().order(ByteOrder.nativeOrder());
            long count = bytes.length / 4;

            CacheKey owned =
                    key(Tensor.copyOf(DataType.FLOAT, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), count));
            CacheKey borrowed = key(Tensor.borrow(DataType.FLOAT, memory, count));
            assertThat(borrowed).isEqualTo(owned).hasSameHashCodeAs(owned);
            assertThat(borrowed.sha256()).isEqualTo(owned.sha256());

            CacheKey kept = borrowed.owned();
            if (bytes.length > 0) {
                int position = random.nextInt(bytes.length);
                memory.put(position, (byte) (memory.get(position) ^ 1 << random.nextInt(8)));
                assertThat(borrowed).isNotEqualTo(owned);
                assertThat(key(Tensor.borrow(DataType.FLOAT, memory, count))).isNotEqualTo(owned);
            }
            assertThat(kept).isEqualTo(owned);
        }
    }

    @Test
    void whatIsNoPartOfTheQuestionIsNoPartOfTheKey() {
        CallOptions options = CallOptions.builder()
                .requestId("r-1")
                .timeLimit(Duration.ofSeconds(1))
                .version("champion")
                .cacheMode(CallOptions.CacheMode.REFRESH)
                .build();

        assertThat(key(artifact("m", "1", "abc"), options))
                .isEqualTo(key(artifact("m", "1", "abc"), CallOptions.defaults()));
    }

    @Test
    void sha256IsTheSameInEveryProcess() {
        assertThat(key(Tensor.ofStrings(new String[] {"ä", "€"}, 2)).sha256())
                .isEqualTo(
                        ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                                ? "18eed17c12dd092396d8d76e4ec5ea9b338b1a3bd867132312f7cbe1c1a16666"
                                : "f4abeffbccbcd58e0983f51e6eaeb7921e7167c74d962c67f9fba5dbe85167ea");
    }

    @Test
    void patternsMatchNamesOfEndpointsAndVersions() {
        CacheKey key = key(artifact("fraud*-eu", "12", "abc"), CallOptions.defaults());

        for (String endpoint : List.of("*", "fraud*", "*-eu", "f*d?-*", "fraud\\*-eu", "?????*", "**", "*eu*")) {
            assertThat(key.matches(endpoint, "*")).as(endpoint).isTrue();
        }
        for (String endpoint : List.of("", "fraud", "*-us", "fraud\\?-eu", "\\*", "?", "FRAUD*", "fraud*-eu?")) {
            assertThat(key.matches(endpoint, "*")).as(endpoint).isFalse();
        }
        assertThat(key.matches("*", "12")).isTrue();
        assertThat(key.matches("*", "1")).isFalse();
        assertThat(key.matches("*", "1?")).isTrue();
    }

    @Test
    void aNameTakenLiterallyMatchesItselfOnly() {
        for (String name : List.of("fraud", "a*b", "a?b", "a\\b", "\\*", "*", "", "a\\")) {
            CacheKey key = key(artifact(name, "1", "abc"), CallOptions.defaults());
            assertThat(key.matches(CacheKey.literally(name), "*")).as(name).isTrue();
            assertThat(key.matches(CacheKey.literally(name + "x"), "*"))
                    .as(name)
                    .isFalse();
            assertThat(key.matches("x" + CacheKey.literally(name), "*"))
                    .as(name)
                    .isFalse();
        }
        assertThat(key(artifact("axb", "1", "abc"), CallOptions.defaults()).matches(CacheKey.literally("a*b"), "*"))
                .isFalse();
    }

    @Test
    void equalHashesAreNoEqualKeys() {
        CacheKey one = withHash(7, List.of("a"), Map.of());

        assertThat(one)
                .isEqualTo(withHash(7, List.of("a"), Map.of()))
                .hasSameHashCodeAs(withHash(7, List.of("a"), Map.of()))
                .isNotEqualTo(withHash(7, List.of("b"), Map.of()))
                .isNotEqualTo(withHash(7, List.of(), Map.of()))
                .isNotEqualTo(withHash(7, List.of("a"), Map.of("p", "1")));
    }

    private static CacheKey withHash(long hash, List<String> outputs, Map<String, String> parameters) {
        NamedValues inputs = NamedValues.of("x", Tensor.of(new float[] {1}, 1));
        return new CacheKey(artifact("m", "1", "abc"), inputs, outputs, parameters, hash);
    }

    /** All texts of so many of these pairs have the same {@link String#hashCode}. */
    private static List<String> colliding(int pairs) {
        List<String> texts = List.of("");
        for (int i = 0; i < pairs; i++) {
            texts = texts.stream()
                    .flatMap(it -> Stream.of(it + "Aa", it + "BB"))
                    .toList();
        }
        return texts;
    }

    @Test
    void nobodyCanChooseTextsWhoseHashesAreEqual() {
        List<String> texts = colliding(13);
        assertThat(texts.stream().map(String::hashCode).distinct()).hasSize(1);
        VersionIdentity artifact = artifact("m", "1", "abc");

        assertThat(hashes(
                        texts,
                        it -> key(
                                artifact,
                                CallOptions.builder().parameter("p", it).build())))
                .isGreaterThan(8_100);
        assertThat(hashes(
                        texts,
                        it -> key(
                                artifact,
                                CallOptions.builder().parameter(it, "v").build())))
                .isGreaterThan(8_100);
        assertThat(hashes(texts, it -> key(artifact, CallOptions.requestedOutputs(it))))
                .isGreaterThan(8_100);
        assertThat(hashes(texts, it -> key(MapValue.of(DataType.STRING, DataType.FLOAT, Map.of(it, 1f)))))
                .isGreaterThan(8_100);
    }

    private static long hashes(List<String> texts, Function<String, CacheKey> key) {
        return texts.stream().map(it -> key.apply(it).hashCode()).distinct().count();
    }
}
