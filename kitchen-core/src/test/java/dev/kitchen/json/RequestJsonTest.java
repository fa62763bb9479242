package dev.kitchen.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestJsonTest {

    private static final String GOOD = """
            {"id":"r-1","model_name":"ignored","parameters":{"priority":1,"hot":true,"ratio":0.5,"who":"me"},
             "inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2.5],[-3e2,0.1]],"extra":[{}]},
                       {"data":["a","\\u00e9\\ud83d\\ude00"],"datatype":"BYTES","shape":[2],"name":"s"}],
             "outputs":[{"name":"y"},{"name":"z","parameters":{"binary_data":false}}]}""";

    private final InferenceJson json = InferenceJson.of(JsonOptions.defaults());

    private InferenceRequest read(String text) {
        return json.readRequest(text.getBytes(UTF_8));
    }

    private Tensor x(String datatype, String shape, String data) {
        return read("{'inputs':[{'name':'x','shape':%s,'datatype':'%s','data':%s}]}"
                        .formatted(shape, datatype, data)
                        .replace('\'', '"'))
                .inputs()
                .tensor("x");
    }

    @Test
    void readsAWholeRequestInAnyOrderOfItsFields() {
        InferenceRequest request = read(GOOD);

        assertThat(request.id()).contains("r-1");
        assertThat(request.parameters())
                .containsEntry("priority", 1L)
                .containsEntry("hot", true)
                .containsEntry("ratio", 0.5)
                .containsEntry("who", "me");
        assertThat(request.inputs().tensor("x")).isEqualTo(Tensor.of(new float[] {1, 2.5f, -300, 0.1f}, 2, 2));
        assertThat(request.inputs().tensor("s"))
                .isEqualTo(Tensor.ofStrings(new String[] {"a", "\u00e9\ud83d\ude00"}, 2));
        assertThat(request.outputNames()).containsExactly("y", "z");
        assertThat(request.outputs().get(1).parameters()).containsEntry("binary_data", false);
    }

    @Test
    void readsEveryDatatypeToItsLimits() {
        assertThat(x("BOOL", "[2]", "[true,false]")).isEqualTo(Tensor.of(new boolean[] {true, false}, 2));
        assertThat(x("INT8", "[2]", "[-128,127]")).isEqualTo(Tensor.of(new byte[] {-128, 127}, 2));
        assertThat(x("UINT8", "[2]", "[0,255]")).isEqualTo(Tensor.ofBits(DataType.UINT8, new byte[] {0, -1}, 2));
        assertThat(x("INT16", "[1]", "[-32768]")).isEqualTo(Tensor.of(new short[] {-32768}, 1));
        assertThat(x("UINT16", "[1]", "[65535]")).isEqualTo(Tensor.ofBits(DataType.UINT16, new short[] {-1}, 1));
        assertThat(x("INT32", "[1]", "[2147483647]")).isEqualTo(Tensor.of(new int[] {2147483647}, 1));
        assertThat(x("UINT32", "[1]", "[4294967295]")).isEqualTo(Tensor.ofBits(DataType.UINT32, new int[] {-1}, 1));
        assertThat(x("INT64", "[2]", "[-9223372036854775808,9223372036854775807]"))
                .isEqualTo(Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2));
        assertThat(x("UINT64", "[1]", "[18446744073709551615]"))
                .isEqualTo(Tensor.ofBits(DataType.UINT64, new long[] {-1}, 1));
        assertThat(x("FP64", "[2]", "[1e308,4.9e-324]")).isEqualTo(Tensor.of(new double[] {1e308, 4.9e-324}, 2));
        assertThat(x("FP32", "[4]", "[NaN,Infinity,-Infinity,3]"))
                .isEqualTo(Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3}, 4));
    }

    @Test
    void roundsDecimalNumbersOnceAndToTheNearestFloat() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            String decimal = Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(70) - 35));

            assertThat(x("FP32", "[1]", "[" + decimal + "]").floatAt(0)).isEqualTo(Float.parseFloat(decimal));
        }
    }

    @Test
    void takesFlatAndNestedDataAndEmptyShapes() {
        Tensor expected = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);

        assertThat(x("INT32", "[1,2,3]", "[1,2,3,4,5,6]")).isEqualTo(expected);
        assertThat(x("INT32", "[1,2,3]", "[[[1,2,3],[4,5,6]]]")).isEqualTo(expected);
        assertThat(x("INT32", "[]", "[7]")).isEqualTo(Tensor.of(new int[] {7}));
        assertThat(x("INT32", "[0,3]", "[]").elementCount()).isZero();
        assertThat(x("INT32", "[2,0]", "[[],[]]").elementCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FP32 | [2,2] | [[1,2],[3]]              | ragged",
                "FP32 | [2,2] | [[1,2],3]                | ragged",
                "FP32 | [2,2] | [1,[2,3],4]              | ragged",
                "FP32 | [2,2] | [[1,2],[3,4],[5,6]]      | has more than 4 elements",
                "FP32 | [2,2] | [[[1,2]],[[3,4]]]        | nested as [2, 1, 2]",
                "FP32 | [4]   | [[1,2],[3,4]]            | nested as [2, 2]",
                "FP32 | [2,3] | [[1,2],[3,4],[5,6]]      | nested as [3, 2]",
                "FP32 | [3]   | [1,2]                    | has 2 elements, expected 3",
                "FP32 | [1]   | [1,2]                    | has more than 1 elements",
                "FP32 | [1]   | [null]                   | is null, expected a number",
                "FP32 | [1]   | ['1']                    | is a text, expected a number",
                "FP32 | [1]   | [true]                   | is true or false, expected a number",
                "FP32 | [1]   | [1e39]                   | is 1e39, which is out of the range of FP32",
                "FP64 | [1]   | [1e400]                  | out of the range of FP64",
                "FP32 | [1]   | {}                       | is an object, expected an array",
                "FP32 | [1]   | 5                        | is a whole number, expected an array",
                "FP16 | [1]   | [1]                      | receiving FP16 data as JSON is not supported",
                "BF16 | [1]   | [1]                      | receiving BF16 data as JSON is not supported",
                "INT8 | [1]   | [128]                    | is 128, which is out of the range of INT8",
                "UINT8 | [1]  | [256]                    | out of the range of UINT8",
                "UINT8 | [1]  | [-1]                     | out of the range of UINT8",
                "UINT64 | [1] | [-1]                     | out of the range of UINT64",
                "UINT64 | [1] | [18446744073709551616]   | out of the range of UINT64",
                "INT64 | [1]  | [9223372036854775808]    | out of the range of INT64",
                "INT32 | [1]  | [1.0]                    | is a number, expected a whole number",
                "INT32 | [1]  | [NaN]                    | expected a whole number",
                "BOOL | [1]   | [2]                      | expected true or false",
                "BYTES | [1]  | [5]                      | expected a text",
                "BYTES | [1]  | ['\\ud800x']             | half of a surrogate pair",
                "FLOAT | [1]  | [1]                      | datatype is 'FLOAT', expected one of",
                "FP32 | [-1]  | [1]                      | the dimension -1",
                "FP32 | [1.5] | [1]                      | expected a whole number",
                "FP32 | ['1'] | [1]                      | is a text, expected a whole number",
                "FP32 | 1     | [1]                      | is a whole number, expected an array",
                "FP32 | [99999999999999999999] | [1]     | the dimension 99999999999999999999",
                "FP32 | [1152921504606846978,16] | [1]   | more elements than a long can count",
                "FP32 | [1099511627776] | [1]            | has 1 elements, expected 1099511627776",
            })
    void refusesDataThatIsNotWhatItClaims(String datatype, String shape, String data, String message) {
        assertThatThrownBy(() -> x(datatype, shape, data))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("input 'x'")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "not json",
                "[]",
                "5",
                "{}",
                "{'inputs':null}",
                "{'inputs':{}}",
                "{'inputs':[]}",
                "{'inputs':[5]}",
                "{'inputs':[{}]}",
                "{'inputs':[{'name':''}]}",
                "{'inputs':[{'name':5}]}",
                "{'inputs':[{'name':'x'}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32'}]}",
                "{'inputs':[{'name':'x','shape':[1],'data':[1]}]}",
                "{'inputs':[{'name':'x','datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','parameters':{'binary_data_size':4}}]}",
                "{'inputs':[{'name':'x','name':'y','shape':[1],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[X,X]}",
                "{'inputs':[X],'outputs':[{'name':'y'},{'name':'y'}]}",
                "{'inputs':[X],'outputs':[{}]}",
                "{'inputs':[X],'outputs':5}",
                "{'inputs':[X],'parameters':{'a':{}}}",
                "{'inputs':[X],'parameters':{'a':[]}}",
                "{'inputs':[X],'parameters':{'a':null}}",
                "{'inputs':[X],'parameters':{'triton_x':1}}",
                "{'inputs':[X],'parameters':{'a':99999999999999999999}}",
                "{'inputs':[X],'id':5}",
                "{'inputs':[X],'id':'a\\nb'}",
                "{'inputs':[X]} {}",
                "{'inputs':[X],}",
                "{'inputs':[X],'inputs':[X]}",
            })
    void refusesWhatIsNotARequest(String text) {
        String good = "{'name':'x','shape':[1],'datatype':'FP32','data':[1]}";

        assertThatThrownBy(() -> read(text.replace("X", good).replace('\'', '"')))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("request")
                .satisfies(it -> assertThat(it.getMessage().length()).isLessThan(400));
    }

    @Test
    void refusesBombs() {
        String deep = "[".repeat(250_000);
        String longNumber = "[" + "1".repeat(10_000) + "]";
        byte[] invalidUtf8 = "{\"id\":\"?\"}".getBytes(UTF_8);
        invalidUtf8[7] = (byte) 0xff;

        assertThatThrownBy(() -> read("{\"inputs\":" + deep)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> x("FP32", "[1]", deep)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> read("{\"unknown\":" + deep)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> x("INT64", "[1]", longNumber)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> read("{\"id\":\"" + "x".repeat(1 << 20) + "\"}"))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> json.readRequest(invalidUtf8)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void keepsToItsLimits() throws IOException {
        InferenceJson small =
                InferenceJson.of(JsonOptions.defaults().withMaxBytes(300).withMaxTensorBytes(256));
        String tensor = "{\"inputs\":[{\"name\":\"x\",\"shape\":[%d],\"datatype\":\"FP64\",\"data\":[%s1]}]}";

        assertThat(small.readRequest(new ByteArrayInputStream(
                                tensor.formatted(32, "1,".repeat(31)).getBytes(UTF_8)))
                        .inputs()
                        .tensor("x")
                        .elementCount())
                .isEqualTo(32);
        assertThatThrownBy(() ->
                        small.readRequest(tensor.formatted(33, "1,".repeat(32)).getBytes(UTF_8)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("256 bytes");
        assertThatThrownBy(() -> small.readRequest(new ByteArrayInputStream(new byte[400])))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("300 bytes");
    }

    @Test
    void aRequestCutOffAnywhereIsRefusedAndNothingElse() {
        byte[] whole = GOOD.getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> json.readRequest(cut)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aRequestWithWrongBytesIsReadOrRefusedAndNothingElse() {
        Random random = new Random(11);
        byte[] whole = GOOD.getBytes(UTF_8);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                json.readRequest(mutated);
            } catch (InvalidRequestException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void countsWhatTextsTakeAndNotWhatIsRead() {
        byte[] many = ("{'inputs':[{'name':'x','datatype':'BYTES','shape':[4000000],'data':[" + "'a',".repeat(3_999_999)
                        + "'a']}]}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
        InferenceJson json = InferenceJson.of(JsonOptions.defaults());

        assertThatThrownBy(() -> json.readRequest(many))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("texts that take more than 67108864 bytes");
    }

    @Test
    void allInputsTogetherKeepToTheLimit() {
        String texts = "{'name':'%s','datatype':'BYTES','shape':[8],'data':[" + "'a',".repeat(7) + "'a']}";
        String one = "{'inputs':[" + texts.formatted("a") + "]}";
        String two = "{'inputs':[" + texts.formatted("a") + "," + texts.formatted("b") + "]}";
        InferenceJson json = InferenceJson.of(JsonOptions.defaults().withMaxTensorBytes(8 * 57 + 7));

        assertThat(json.readRequest(bytes(one)).inputs().size()).isEqualTo(1);
        assertThatThrownBy(() -> json.readRequest(bytes(two)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("input 'b': data: has texts that take more than 7 bytes");
    }

    @Test
    void namesAndTheirNumberAreLimited() {
        InferenceJson json = InferenceJson.of(JsonOptions.defaults());
        String input = "{'name':'%s','shape':[0],'datatype':'FP32','data':[]}";
        String many = IntStream.rangeClosed(0, 10_000)
                .mapToObj(it -> input.formatted("i" + it))
                .collect(Collectors.joining(","));
        String parameters = IntStream.rangeClosed(0, 1_000)
                .mapToObj(it -> "'p" + it + "':1")
                .collect(Collectors.joining(","));

        assertThatThrownBy(
                        () -> json.readRequest(bytes("{'inputs':[" + input.formatted("n".repeat(20_000_000)) + "]}")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("request: inputs[0]: name: has 20000000 characters, expected at most 1000");
        assertThatThrownBy(() -> json.readRequest(bytes("{'inputs':[" + many + "]}")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("request: has more than 10000 inputs, expected at most that");
        assertThatThrownBy(() -> json.readRequest(bytes("{'parameters':{" + parameters + "}}")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("one of more than 1000");
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
