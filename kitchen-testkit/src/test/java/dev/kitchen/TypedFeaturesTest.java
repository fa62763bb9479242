package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedFeaturesTest {

    private static final TensorSpec OUTPUT = tensor("y", DataType.FLOAT, -1, 1);

    @TempDir
    Path directory;

    private ScriptedModel model;
    private Kitchen kitchen;

    private Endpoint endpoint(Map<String, String> metadata, ValueSpec... inputs) throws IOException {
        model = new ScriptedModel(List.of(inputs), List.of(OUTPUT), it -> {
            int rows = (int) ((Tensor) it.value(0)).shape().dimension(0);
            return Map.of("y", Tensor.of(new float[rows], rows, 1));
        });
        kitchen = model.withMetadata(metadata).open(directory);
        return kitchen.endpoint("m");
    }

    private Endpoint endpoint(ValueSpec... inputs) throws IOException {
        return endpoint(Map.of(), inputs);
    }

    private NamedValues asked() {
        return model.asked().get(model.asked().size() - 1);
    }

    @AfterEach
    void close() {
        if (kitchen != null) {
            kitchen.close();
        }
    }

    private record Flower(float sepalLength, float sepalWidth, float petalLength, float petalWidth) {}

    private static final Flower FLOWER = new Flower(5.1f, 3.5f, 1.4f, 0.2f);

    private record Everything(
            float aFloat,
            double aDouble,
            int anInt,
            long aLong,
            short aShort,
            byte aByte,
            boolean aBoolean,
            String aString) {}

    @Test
    void everyComponentTypeReachesTheInputOfItsName() throws IOException {
        TypedEndpoint<Everything, float[]> typed = endpoint(
                        tensor("a_string", DataType.STRING, -1, 1),
                        tensor("a-boolean", DataType.BOOL, -1, 1),
                        tensor("ABYTE", DataType.INT8, -1, 1),
                        tensor("aShort", DataType.INT16, -1),
                        tensor("aLong", DataType.INT64, 1, 1),
                        tensor("anInt", DataType.INT32, 1),
                        tensor("aDouble", DataType.DOUBLE, -1, 1),
                        tensor("aFloat", DataType.FLOAT, -1, 1))
                .typed(Everything.class, Scores.of("y"));

        typed.predict(new Everything(0.1f, 0.1, -7, Long.MIN_VALUE, (short) -3, (byte) -128, true, "caf\u00e9"));

        assertThat(asked().tensor("aFloat")).isEqualTo(Tensor.of(new float[] {0.1f}, 1, 1));
        assertThat(asked().tensor("aDouble")).isEqualTo(Tensor.of(new double[] {0.1}, 1, 1));
        assertThat(asked().tensor("anInt")).isEqualTo(Tensor.of(new int[] {-7}, 1));
        assertThat(asked().tensor("aLong")).isEqualTo(Tensor.of(new long[] {Long.MIN_VALUE}, 1, 1));
        assertThat(asked().tensor("aShort")).isEqualTo(Tensor.of(new short[] {-3}, 1));
        assertThat(asked().tensor("ABYTE")).isEqualTo(Tensor.of(new byte[] {-128}, 1, 1));
        assertThat(asked().tensor("a-boolean")).isEqualTo(Tensor.of(new boolean[] {true}, 1, 1));
        assertThat(asked().tensor("a_string")).isEqualTo(Tensor.ofStrings(new String[] {"caf\u00e9"}, 1, 1));
        assertThat(typed.describe().lines())
                .containsExactly(
                        "endpoint 'm', version '1'",
                        "in   aString (String) -> a_string STRING [-1, 1]",
                        "in   aBoolean (boolean) -> a-boolean BOOL [-1, 1]",
                        "in   aByte (byte) -> ABYTE INT8 [-1, 1]",
                        "in   aShort (short) -> aShort INT16 [-1]",
                        "in   aLong (long) -> aLong INT64 [1, 1]",
                        "in   anInt (int) -> anInt INT32 [1]",
                        "in   aDouble (double) -> aDouble DOUBLE [-1, 1]",
                        "in   aFloat (float) -> aFloat FLOAT [-1, 1]",
                        "out  y: FLOAT [-1, 1] -> scores");
    }

    @Test
    void componentsFillAMatrixInDeclarationOrderWhereThatIsSaid() throws IOException {
        TypedEndpoint<Flower, float[]> typed = endpoint(tensor("x", DataType.FLOAT, -1, 4))
                .typed(Features.of(Flower.class).inDeclarationOrder(), Scores.of("y"));

        typed.predict(FLOWER);

        assertThat(asked().tensor("x")).isEqualTo(Tensor.of(new float[] {5.1f, 3.5f, 1.4f, 0.2f}, 1, 4));
        assertThat(typed.describe()).contains("in   petalWidth (float) -> x FLOAT [-1, 4], column 3");
    }

    @Test
    void aMatrixWithoutColumnNamesIsRefusedWithTheFix() throws IOException {
        Endpoint endpoint = endpoint(tensor("x", DataType.FLOAT, -1, 4));

        assertThatThrownBy(() -> endpoint.typed(Flower.class, Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("endpoint 'm', version '1': input 'x'")
                .hasMessageContaining("Features.of(Flower.class).inDeclarationOrder()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "petal_width,petal_length,sepal_width,sepal_length",
                "[\"petal width\", 'petal-length', \"Sepal_Width\", \"sepalLength\"]"
            })
    void theModelsOwnColumnNamesDecideTheOrder(String names) throws IOException {
        TypedEndpoint<Flower, float[]> typed = endpoint(
                        Map.of("feature_names", names), tensor("x", DataType.FLOAT, -1, 4))
                .typed(Flower.class, Scores.of("y"));

        typed.predict(FLOWER);

        assertThat(asked().tensor("x")).isEqualTo(Tensor.of(new float[] {0.2f, 1.4f, 3.5f, 5.1f}, 1, 4));
        assertThat(typed.describe()).contains("in   sepalLength (float) -> x FLOAT [-1, 4], column 3");
    }

    @Test
    void quotedColumnNamesMayHoldCommasAndQuotes() throws IOException {
        record Odd(float ab, float c) {}
        Endpoint endpoint =
                endpoint(Map.of("feature_names", "[\"a, \\\"b\\\"\", \"c\"]"), tensor("x", DataType.FLOAT, -1, 2));

        assertThatThrownBy(() -> endpoint.typed(Odd.class, Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("component 'ab' has no place")
                .hasMessageContaining("column 0 'a, \"b\"' has no component of its name");
    }

    @Test
    void declarationOrderMayNotContradictTheModelsColumnNames() throws IOException {
        Endpoint endpoint = endpoint(
                Map.of("feature_names", "sepalWidth,sepalLength,petalLength,petalWidth"),
                tensor("x", DataType.FLOAT, -1, 4));

        assertThatThrownBy(() -> endpoint.typed(Features.of(Flower.class).inDeclarationOrder(), Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("another order")
                .hasMessageContaining("leave out inDeclarationOrder()");
    }

    @Test
    void declarationOrderOverrulesColumnNamesThatSayNothing() throws IOException {
        Endpoint endpoint = endpoint(Map.of("feature_names", "f0,f1,f2,f3"), tensor("x", DataType.FLOAT, -1, 4));

        endpoint.typed(Features.of(Flower.class).inDeclarationOrder(), Scores.of("y"))
                .predict(FLOWER);

        assertThat(asked().tensor("x").floatAt(0)).isEqualTo(5.1f);
    }

    @Test
    void allThatDoesNotFitComesInOneMessage() throws IOException {
        record Wrong(float a, List<String> tags, double narrow, float fraction, Integer boxed, char letter) {}
        Endpoint endpoint = endpoint(
                tensor("narrow", DataType.FLOAT, -1, 1),
                tensor("fraction", DataType.INT64, -1, 1),
                tensor("missing\nforged", DataType.FLOAT, -1, 1),
                tensor("boxed", DataType.INT32, -1, 1),
                tensor("a", DataType.FLOAT, -1, 3));

        assertThatThrownBy(() -> endpoint.typed(Wrong.class, Scores.of("z")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("component 'tags' is a List")
                .hasMessageContaining("component 'tags' has no place")
                .hasMessageContaining("component 'boxed' is a Integer")
                .hasMessageContaining("component 'letter' is a char")
                .hasMessageContaining("component 'narrow' is double, which FLOAT of input 'narrow' cannot hold")
                .hasMessageContaining("component 'fraction' is float, which INT64 of input 'fraction' cannot hold")
                .hasMessageContaining("'missing\\nforged: FLOAT [-1, 1]' has no component of its name")
                .hasMessageContaining("input 'a: FLOAT [-1, 3]' takes no single value a row")
                .hasMessageContaining("no output 'z', the model returns [y: FLOAT [-1, 1]]")
                .hasMessageNotContaining("\n");
    }

    @Test
    void namesThatTwoComponentsOrTwoInputsShareAreRefused() throws IOException {
        record Twice(float ab, float a_b) {}
        Endpoint one = endpoint(tensor("A-B", DataType.FLOAT, -1, 1), tensor("c", DataType.FLOAT, -1, 1));
        assertThatThrownBy(() -> one.typed(Twice.class, Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("components 'ab' and 'a_b' are both 'A-B'");
        kitchen.close();

        record Once(float ab) {}
        Endpoint two = endpoint(tensor("A-B", DataType.FLOAT, -1, 1), tensor("a_B", DataType.FLOAT, -1, 1));
        assertThatThrownBy(() -> two.typed(Once.class, Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("component 'ab' has no place");
        kitchen.close();

        Endpoint exact = endpoint(tensor("ab", DataType.FLOAT, -1, 1), tensor("a_b", DataType.FLOAT, -1, 1));
        exact.typed(Twice.class, Scores.of("y")).predict(new Twice(1, 2));
        assertThat(asked().tensor("a_b").floatAt(0)).isEqualTo(2);
    }

    @Test
    void aMatrixOfAnotherWidthIsRefused() throws IOException {
        Endpoint endpoint = endpoint(tensor("x", DataType.FLOAT, -1, 3));

        assertThatThrownBy(() -> endpoint.typed(Features.of(Flower.class).inDeclarationOrder(), Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Flower gives 4 columns, input 'x' has shape [-1, 3]");
    }

    @Test
    void declarationOrderNeedsAMatrix() throws IOException {
        record Pair(float a, float b) {}
        Endpoint endpoint = endpoint(tensor("a", DataType.FLOAT, -1, 1), tensor("b", DataType.FLOAT, -1, 1));

        assertThatThrownBy(() -> endpoint.typed(Features.of(Pair.class).inDeclarationOrder(), Scores.of("y")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("inDeclarationOrder() needs a model with one matrix");
    }

    private record Count(long n) {}

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"})
    void integersArriveAsTheyAreOrAreRefused(DataType type) throws IOException {
        TypedEndpoint<Count, float[]> typed = endpoint(tensor("n", type, -1, 1)).typed(Count.class, Scores.of("y"));
        Tensor longs = Tensor.of(
                new long[] {
                    0,
                    1,
                    -1,
                    127,
                    128,
                    -128,
                    -129,
                    255,
                    256,
                    32767,
                    32768,
                    -32768,
                    -32769,
                    65535,
                    65536,
                    (1 << 24),
                    (1 << 24) + 1,
                    Integer.MAX_VALUE,
                    Integer.MIN_VALUE,
                    1L << 31,
                    (1L << 32) - 1,
                    1L << 32,
                    1L << 53,
                    (1L << 53) + 1,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE - 1,
                    Long.MIN_VALUE,
                    Long.MIN_VALUE + 1
                },
                28,
                1);
        for (int i = 0; i < longs.elementCount(); i++) {
            long n = longs.longAt(i);
            Tensor one = Tensor.of(new long[] {n}, 1, 1);
            if (holds(type, one)) {
                typed.predict(new Count(n));
                assertThat(asked().tensor("n")).isEqualTo(one.convertTo(type));
            } else {
                assertThatThrownBy(() -> typed.predict(new Count(n)))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessage("endpoint 'm', version '1': component 'n' is " + n
                                + ", which is not exactly representable as " + type);
            }
        }
    }

    private static boolean holds(DataType type, Tensor one) {
        try {
            return one.convertTo(type).toLongArray()[0] == one.longAt(0);
        } catch (InvalidRequestException e) {
            return false;
        }
    }

    @Test
    void booleansAreZeroOrOneAmongNumbers() throws IOException {
        record Mixed(boolean isNew, int count, float price) {}
        TypedEndpoint<Mixed, float[]> typed = endpoint(tensor("x", DataType.FLOAT, -1, -1))
                .typed(Features.of(Mixed.class).inDeclarationOrder(), Scores.of("y"));

        typed.predictAll(List.of(new Mixed(true, 3, 0.5f), new Mixed(false, -3, Float.NaN)));

        assertThat(asked().tensor("x")).isEqualTo(Tensor.ofRows(new float[][] {{1, 3, 0.5f}, {0, -3, Float.NaN}}));
    }

    @Test
    void textsFillAMatrixOfTexts() throws IOException {
        record Words(String first, String second) {}
        TypedEndpoint<Words, float[]> typed = endpoint(tensor("x", DataType.STRING, -1, 2))
                .typed(Features.of(Words.class).inDeclarationOrder(), Scores.of("y"));

        typed.predictAll(List.of(new Words("a", "b"), new Words("c", "")));

        assertThat(asked().tensor("x")).isEqualTo(Tensor.ofRows(new String[][] {{"a", "b"}, {"c", ""}}));
        assertThatThrownBy(() -> typed.predictAll(List.of(new Words("a", "b"), new Words("c", null))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("endpoint 'm', version '1': item 1: component 'second' is null, expected a text");
        assertThatThrownBy(() -> typed.predict(null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is null, expected a Words");
    }

    @Test
    void rowsOfFloatsNeedNoRecord() throws IOException {
        TypedEndpoint<float[], float[]> typed =
                endpoint(tensor("x", DataType.FLOAT, -1, 2)).typed(Features.ofRow(), Scores.of("y"));

        typed.predictAll(List.of(new float[] {1, 2}, new float[] {3, 4}));

        assertThat(asked().tensor("x")).isEqualTo(Tensor.ofRows(new float[][] {{1, 2}, {3, 4}}));
        assertThat(typed.describe()).contains("in   row[0..1] (float) -> x: FLOAT [-1, 2]");
        assertThatThrownBy(() -> typed.predict(new float[3]))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("row has 3 numbers, expected 2");
        assertThatThrownBy(() -> typed.predictAll(List.of(new float[2], new float[1])))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("item 1 has 1 numbers, expected 2");
    }

    @Test
    void anInputWithADefaultMayHaveAComponentOrNot() throws IOException {
        record Small(float a) {}
        record Large(float a, float scale) {}
        Endpoint endpoint = endpoint(tensor("a", DataType.FLOAT, -1, 1));
        model.become(new ModelSignature(
                List.of(tensor("a", DataType.FLOAT, -1, 1)),
                List.of(tensor("scale", DataType.FLOAT, 1)),
                List.of(OUTPUT)));

        assertThat(endpoint.typed(Small.class, Scores.of("y")).describe()).doesNotContain("scale");
        assertThat(endpoint.typed(Large.class, Scores.of("y")).describe()).contains("in   scale (float) -> scale");
    }

    record Moody(float a) {
        @Override
        public float a() {
            throw new IllegalStateException("not today");
        }
    }

    @Test
    void whatAnAccessorThrowsReachesTheCaller() throws IOException {
        TypedEndpoint<Moody, float[]> typed =
                endpoint(tensor("a", DataType.FLOAT, -1, 1)).typed(Moody.class, Scores.of("y"));

        assertThatThrownBy(() -> typed.predict(new Moody(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not today");
    }
}
