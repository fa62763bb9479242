package dev.kitchen.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelBundleTest {

    private static final String WHOLE = """
            {"$schema": 1, "model": "model.onnx",
             "signature": {"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 2], "unit": "cm"}],
                           "outputs": [{"name": "y", "datatype": "FP32"},
                                       {"name": "p", "datatype": "seq(map(INT64,FP32))", "shape": [-1]},
                                       {"name": "o", "datatype": "optional(BYTES)"}]},
             "golden": [{"name": "row 1", "comment": "from the notebook",
                         "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [[1, 2.5]]}],
                         "outputs": [{"name": "y", "shape": [1], "datatype": "FP32", "data": [NaN]}],
                         "rtol": 0.5, "atol": 0},
                        {"inputs": [], "outputs": [{"data": [1, 65504], "name": "h", "datatype": "FP16", "shape": [2]}]}],
             "warm_up": {"batch_sizes": [1, 8, 32], "threads": 2},
             "budget": {"latency_ms": 20.5, "memory_mb": 300, "cpu": 1},
             "metrics": {"auc": 0.93, "rows": 1000}, "lineage": {"git_commit": "abc"}, "tags": {"team": "risk"},
             "features": ["amount", "age"]}""";

    @TempDir
    Path directory;

    private static ModelBundle read(String text) {
        return BundleReader.read("bundle b", text.getBytes(UTF_8), JsonOptions.defaults());
    }

    @Test
    void readsAllOfABundle() {
        ModelBundle bundle = read(WHOLE);

        assertThat(bundle.model()).contains("model.onnx");
        assertThat(bundle.signature())
                .contains(ModelSignature.of(
                        List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 2))),
                        List.of(
                                new TensorSpec("y", DataType.FLOAT, Shape.UNKNOWN),
                                new SequenceSpec("p", new MapSpec("", DataType.INT64, DataType.FLOAT)),
                                new OptionalSpec("o", new TensorSpec("", DataType.STRING, Shape.UNKNOWN)))));
        assertThat(bundle.batchSizes()).containsExactly(1, 8, 32);
        assertThat(bundle.latencyBudget()).contains(Duration.ofNanos(20_500_000));
        assertThat(bundle.memoryBudgetBytes()).hasValue(300L << 20);
        assertThat(bundle.metrics()).containsEntry("auc", 0.93).containsEntry("rows", 1000.0);
        assertThat(bundle.lineage()).containsEntry("git_commit", "abc");
        assertThat(bundle.tags()).containsEntry("team", "risk");
        assertThat(bundle.features()).containsExactly("amount", "age");
        assertThat(bundle.unknownFields())
                .containsExactly(
                        "$schema", "signature.inputs[0].unit", "golden[0].comment", "warm_up.threads", "budget.cpu");
    }

    @Test
    void readsGoldenCasesWithTheirTolerances() {
        List<GoldenCase> cases = read(WHOLE).goldenCases();

        assertThat(cases).extracting(GoldenCase::name).containsExactly("row 1", "1");
        assertThat(cases.get(0).inputs().tensor("x")).isEqualTo(Tensor.ofRows(new float[][] {{1, 2.5f}}));
        assertThat(cases.get(0).outputs().tensor("y").floatAt(0)).isNaN();
        assertThat(cases.get(0).relativeTolerance()).isEqualTo(0.5);
        assertThat(cases.get(0).absoluteTolerance()).isZero();
        assertThat(cases.get(1).relativeTolerance()).isEqualTo(GoldenCase.DEFAULT_RELATIVE_TOLERANCE);
        assertThat(cases.get(1).absoluteTolerance()).isEqualTo(GoldenCase.DEFAULT_ABSOLUTE_TOLERANCE);
        assertThat(cases.get(1).outputs().tensor("h"))
                .isEqualTo(Tensor.of(new float[] {1, 65504}, 2).roundTo(DataType.FLOAT16));
    }

    @Test
    void readsScoresAsObjects() {
        String output = "{'data': [{'setosa': 0.9, 'lily': NaN}, {}], 'name': 'p', 'comment': 1}";

        NamedValues outputs = read("{'golden':[{'inputs':[],'outputs':[%s]}]}"
                        .formatted(output)
                        .replace('\'', '"'))
                .goldenCases()
                .get(0)
                .outputs();

        assertThat(outputs.value("p"))
                .isEqualTo(new SequenceValue(List.of(
                        MapValue.of(DataType.STRING, DataType.DOUBLE, Map.of("setosa", 0.9, "lily", Double.NaN)),
                        MapValue.of(DataType.STRING, DataType.DOUBLE, Map.of()))));
    }

    @Test
    void everyPartIsOptional() {
        ModelBundle bundle = read("{}");

        assertThat(bundle.model()).isEmpty();
        assertThat(bundle.signature()).isEmpty();
        assertThat(bundle.goldenCases()).isEmpty();
        assertThat(bundle.batchSizes()).isEmpty();
        assertThat(bundle.latencyBudget()).isEmpty();
        assertThat(bundle.memoryBudgetBytes()).isEmpty();
        assertThat(bundle.unknownFields()).isEmpty();
    }

    @Test
    void readsTheSignatureThatKitchenWrites() {
        ModelSignature signature = ModelSignature.of(
                List.of(new TensorSpec("x", DataType.BFLOAT16, Shape.of(-1, 4))),
                List.of(new SequenceSpec("p", new MapSpec("", DataType.STRING, DataType.DOUBLE))));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        InferenceJson.of(JsonOptions.defaults()).writeMetadata("m", List.of(), "fake", signature, written);

        assertThat(read("{\"signature\": " + written.toString(UTF_8) + "}").signature())
                .contains(signature);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                     | ends in the middle",
                "[]                                     | is an array, expected an object",
                "null                                   | is null, expected an object",
                "{                                      | is not JSON",
                "{} {}                                  | goes on after its end",
                "{'tags':{},'tags':{}}                  | is not JSON at line 1, column",
                "{'model':5}                            | model: is a whole number, expected a text",
                "{'model':''}                           | model: is '', expected the name of a file",
                "{'model':'..'}                         | model: is '..', expected the name of a file",
                "{'model':'../m.onnx'}                  | expected the name of a file",
                "{'model':'/etc/passwd'}                | expected the name of a file",
                "{'model':'a\\\\b'}                     | expected the name of a file",
                "{'model':'a\\u0000b'}                  | expected the name of a file",
                "{'signature':[]}                       | signature: is an array, expected an object",
                "{'signature':{}}                       | signature: has no inputs",
                "{'signature':{'inputs':[]}}            | signature: has no outputs",
                "{'signature':{'inputs':[5]}}           | signature: inputs[0]: is a whole number, expected an object",
                "{'signature':{'inputs':[{}]}}          | signature: inputs[0]: has no name",
                "{'signature':{'inputs':[{'name':'x'}]}}                     | inputs[0]: has no datatype",
                "{'signature':{'inputs':[{'name':'x','datatype':'FLOAT'}]}}  | datatype is 'FLOAT', expected one of",
                "{'signature':{'inputs':[{'name':'x','datatype':'map(INT64)'}]}} | value: datatype is ''",
                "{'signature':{'inputs':[{'name':'x','datatype':'seq(seq(seq(seq(seq(seq(seq(seq(seq(FP32)))))))))'}]}}"
                        + " | nests deeper than 8",
                "{'signature':{'inputs':[{'name':'x','datatype':'FP32','shape':[-2]}]}}   | the dimension -2",
                "{'signature':{'inputs':[{'name':'x','datatype':'FP32','shape':[1.5]}]}}  | expected a whole number",
                "{'signature':{'inputs':[{'name':'x','datatype':'FP32','shape':[99999999999999999999]}]}}"
                        + " | the dimension 99999999999999999999",
                "{'signature':{'inputs':[{'name':'x','datatype':'FP32'},{'name':'x','datatype':'FP32'}]}} | is there twice",
                "{'golden':{}}                          | golden: is an object, expected an array",
                "{'golden':[5]}                         | golden[0]: is a whole number, expected an object",
                "{'golden':[{}]}                        | golden[0]: has no inputs",
                "{'golden':[{'name':5}]}                | golden[0]: name: is a whole number, expected a text",
                "{'golden':[{'inputs':[]}]}             | golden[0]: has no outputs",
                "{'golden':[{'inputs':[],'outputs':[]}]} | golden[0]: has no outputs",
                "{'golden':[{'inputs':[{}]}]}           | golden[0]: inputs[0]: has no name",
                "{'golden':[{'inputs':[X,X]}]}          | golden[0]: input 'x' is there twice",
                "{'golden':[{'inputs':[X],'outputs':[{'name':'y','shape':[2],'datatype':'FP32','data':[1]}]}]}"
                        + " | golden[0]: output 'y': data: has 1 elements, expected 2",
                "{'golden':[{'outputs':[{'name':'y','shape':[1],'datatype':'FP16','data':[70000]}]}]}"
                        + " | data[0]: is 70000.0, which is out of the range of FP16",
                "{'golden':[{'outputs':[{'name':'y','shape':[1],'datatype':'INT8','data':[128]}]}]} | out of the range of INT8",
                "{'golden':[{'inputs':[{'name':'x','data':[{'a':1}]}]}]}     | input 'x': has no datatype",
                "{'golden':[{'outputs':[{'name':'y'}]}]}                     | output 'y': has no datatype",
                "{'golden':[{'outputs':[{'name':'y','data':[1]}]}]}"
                        + " | data[0]: is a whole number, expected an object of scores; a tensor has a datatype",
                "{'golden':[{'outputs':[{'name':'y','data':{'a':1}}]}]}      | data: is an object, expected an array",
                "{'golden':[{'outputs':[{'name':'y','data':[{'a':'1'}]}]}]}  | data[0]: 'a': is a text, expected a number",
                "{'golden':[{'outputs':[{'name':'y','data':[{'a':1,'a':1}]}]}]} | is not JSON",
                "{'golden':[{'outputs':[{'name':'y','data':[{'a':1}],'shape':[1]}]}]} | output 'y': has no datatype",
                "{'golden':[{'rtol':'1'}]}              | golden[0]: rtol: is a text, expected a number",
                "{'golden':[{'rtol':-1}]}               | golden[0]: rtol: is -1, expected a finite number, 0 or more",
                "{'golden':[{'atol':NaN}]}              | golden[0]: atol: is NaN, expected a finite number",
                "{'golden':[{'atol':1e999}]}            | golden[0]: atol: is 1e999, expected a finite number",
                "{'warm_up':[1]}                        | warm_up: is an array, expected an object",
                "{'warm_up':{'batch_sizes':8}}          | batch_sizes: is a whole number, expected an array",
                "{'warm_up':{'batch_sizes':[0]}}        | has the size 0, expected 1 to 65536",
                "{'warm_up':{'batch_sizes':[-1]}}       | has the size -1",
                "{'warm_up':{'batch_sizes':[1.0]}}      | is a number, expected a whole number",
                "{'warm_up':{'batch_sizes':[65537]}}    | has the size 65537",
                "{'warm_up':{'batch_sizes':[99999999999999]}} | has the size 99999999999999",
                "{'warm_up':{'batch_sizes':[8,8]}}      | has 8 twice",
                "{'budget':5}                           | budget: is a whole number, expected an object",
                "{'budget':{'latency_ms':0}}            | latency_ms: is 0, expected a number above 0",
                "{'budget':{'latency_ms':-5}}           | latency_ms: is -5",
                "{'budget':{'latency_ms':'20'}}         | latency_ms: is a text, expected a number",
                "{'budget':{'latency_ms':NaN}}          | latency_ms: is NaN",
                "{'budget':{'latency_ms':1e308}}        | latency_ms: is 1e308",
                "{'budget':{'memory_mb':Infinity}}      | memory_mb: is Infinity",
                "{'budget':{'memory_mb':null}}          | memory_mb: is null, expected a number",
                "{'metrics':[]}                         | metrics: is an array, expected an object",
                "{'metrics':{'auc':'high'}}             | metrics: 'auc': is a text, expected a number",
                "{'metrics':{'auc':NaN}}                | metrics: 'auc': is NaN, expected a finite number",
                "{'lineage':{'run':5}}                  | lineage: 'run': is a whole number, expected a text",
                "{'tags':{'a':{}}}                      | tags: 'a': is an object, expected a text",
                "{'tags':{'a':'\\ud800'}}               | tags: 'a': has half of a surrogate pair",
                "{'features':{}}                        | features: is an object, expected an array",
                "{'features':['a','a']}                 | features: has 'a' as a name",
                "{'features':['']}                      | features: has '' as a name",
                "{'features':[5]}                       | features: is a whole number, expected a text",
            })
    void refusesWhatIsNotABundle(String text, String message) {
        String tensor = "{'name':'x','shape':[1],'datatype':'FP32','data':[1]}";

        assertThatThrownBy(() -> read(text.replace("X", tensor).replace('\'', '"')))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("bundle b: ")
                .hasMessageContaining(message)
                .satisfies(it -> assertThat(it.getMessage().length()).isLessThan(400));
    }

    @Test
    void refusesBombs() {
        String sizes = "1".repeat(10_000);
        String cases =
                "{\"inputs\":[],\"outputs\":[{\"name\":\"y\",\"shape\":[],\"datatype\":\"INT8\",\"data\":[1]}]},";

        assertThatThrownBy(() -> read("{\"x\":" + "[".repeat(250_000))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> read("{\"warm_up\":{\"batch_sizes\":[" + sizes + "]}}"))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> read("{\"golden\":[" + cases.repeat(1_001) + "]}"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("more than 1000 cases");
        assertThatThrownBy(() -> BundleReader.read(
                        "bundle b", new byte[20], JsonOptions.defaults().withMaxBytes(10)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("more than 10 bytes");
    }

    @Test
    void namesAFewOfVeryManyUnknownFields() {
        StringBuilder text = new StringBuilder("{\"x0\":0");
        for (int i = 1; i < 10_000; i++) {
            text.append(",\"x").append(i).append("\":{\"a\":[]}");
        }

        assertThat(read(text.append('}').toString()).unknownFields()).hasSize(100);
    }

    @Test
    void aBundleCutOffAnywhereIsRefusedAndNothingElse() {
        byte[] whole = WHOLE.getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> BundleReader.read("bundle b", cut, JsonOptions.defaults()))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aBundleWithWrongBytesIsReadOrRefusedAndNothingElse() {
        Random random = new Random(17);
        byte[] whole = WHOLE.getBytes(UTF_8);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] mutated = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try {
                BundleReader.read("bundle b", mutated, JsonOptions.defaults());
            } catch (InvalidRequestException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aDirectoryWithoutTheFileIsNoBundle() {
        assertThat(ModelBundle.in(directory)).isEmpty();
        assertThat(ModelBundle.in(directory.resolve("nowhere"))).isEmpty();
    }

    @Test
    void readsTheFileOfADirectoryAndNamesItWhereItIsWrong() throws IOException {
        Path file = directory.resolve(ModelBundle.FILE_NAME);
        Files.writeString(file, WHOLE);
        assertThat(ModelBundle.in(directory).orElseThrow().model()).contains("model.onnx");

        Files.writeString(file, "{\"model\": 5}");

        assertThatThrownBy(() -> ModelBundle.in(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage("bundle " + file + ": model: is a whole number, expected a text");
    }

    @Test
    void whatIsNotAFileIsRefused() throws IOException {
        Files.createDirectory(directory.resolve(ModelBundle.FILE_NAME));

        assertThatThrownBy(() -> ModelBundle.in(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("is not a file");
    }
}
