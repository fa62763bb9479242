package dev.kitchen.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InferenceException;
import dev.kitchen.json.JsonOptions.NonFinite;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseJsonTest {

    private static String write(JsonOptions options, NamedValues outputs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InferenceJson.of(options).writeResponse(new Prediction("iris", "3", outputs, 5), Optional.of("r-1"), out);
        return out.toString(UTF_8);
    }

    @Test
    void writesModelVersionIdAndFlatOutputsAndNothingElse() {
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("p", Tensor.of(new float[] {0.25f, 1f, 1e-7f, 3e9f}, 2, 2));
        outputs.put("label", Tensor.ofStrings(new String[] {"a \"b\"\n", "\u00e9"}, 2));
        outputs.put("n", Tensor.ofBits(DataType.UINT64, new long[] {-1}, 1));
        outputs.put("ok", Tensor.of(new boolean[] {true}, 1));

        assertThat(write(JsonOptions.defaults(), NamedValues.of(outputs))).isEqualTo("""
                        {"model_name":"iris","model_version":"3","id":"r-1","outputs":[\
                        {"name":"p","datatype":"FP32","shape":[2,2],"data":[0.25,1.0,1.0E-7,3.0E9]},\
                        {"name":"label","datatype":"BYTES","shape":[2],"data":["a \\"b\\"\\n","\u00e9"]},\
                        {"name":"n","datatype":"UINT64","shape":[1],"data":[18446744073709551615]},\
                        {"name":"ok","datatype":"BOOL","shape":[1],"data":[true]}]}""");
    }

    @Test
    void numbersThatJsonDoesNotHaveAreRefusedOrWrittenAsChosen() {
        NamedValues outputs = NamedValues.of("y", Tensor.of(new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY}, 3));
        JsonOptions options = JsonOptions.defaults();

        assertThatThrownBy(() -> write(options, outputs))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("output 'y': element 1 is NaN");
        assertThat(write(options.withNonFinite(NonFinite.LITERAL), outputs)).contains("[1.0,NaN,-Infinity]");
        assertThat(write(options.withNonFinite(NonFinite.NULL), outputs)).contains("[1.0,null,null]");
    }

    @Test
    void whatTheProtocolHasNoFormForIsRefusedBeforeAnythingIsWritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("p", Tensor.of(new float[] {1}, 1));
        outputs.put("maps", new SequenceValue(List.of()));
        Prediction prediction = new Prediction("m", "1", NamedValues.of(outputs), 0);

        assertThatThrownBy(
                        () -> InferenceJson.of(JsonOptions.defaults()).writeResponse(prediction, Optional.empty(), out))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("'maps'");
        assertThat(out.size()).isZero();
        assertThatThrownBy(() -> write(
                        JsonOptions.defaults(),
                        NamedValues.of("h", Tensor.of(new float[] {1}, 1).roundTo(DataType.FLOAT16))))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("FP16");
    }

    @Test
    void whatIsWrittenReadsBackAsTheSameTensor() {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            Tensor tensor = randomTensor(random);
            String written =
                    write(JsonOptions.defaults().withNonFinite(NonFinite.LITERAL), NamedValues.of("y", tensor));
            String asRequest = written.replace("\"outputs\"", "\"inputs\"");

            InferenceRequest read = InferenceJson.of(JsonOptions.defaults()).readRequest(asRequest.getBytes(UTF_8));

            assertThat(read.inputs().tensor("y")).isEqualTo(tensor);
        }
    }

    private static Tensor randomTensor(Random random) {
        int rows = random.nextInt(4);
        int columns = random.nextInt(5);
        int count = rows * columns;
        long[] longs = random.longs(count).toArray();
        float[] floats = new float[count];
        double[] doubles = new double[count];
        String[] strings = new String[count];
        for (int i = 0; i < count; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            floats[i] = Float.isNaN(value) ? Float.NaN : value;
            double wide = Double.longBitsToDouble(random.nextLong());
            doubles[i] = Double.isNaN(wide) ? Double.NaN : wide;
            strings[i] = "\u0000 \u20ac \ud83c\udf55 " + longs[i];
        }
        return switch (random.nextInt(5)) {
            case 0 -> Tensor.of(floats, rows, columns);
            case 1 -> Tensor.of(doubles, rows, columns);
            case 2 -> Tensor.of(longs, rows, columns);
            case 3 -> Tensor.ofBits(DataType.UINT64, longs, rows, columns);
            default -> Tensor.ofStrings(strings, rows, columns);
        };
    }

    @Test
    void describesAModel() {
        ModelSignature signature = ModelSignature.of(
                List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 4))),
                List.of(new SequenceSpec("scores", new MapSpec("", DataType.INT64, DataType.FLOAT))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        InferenceJson.of(JsonOptions.defaults())
                .writeMetadata("iris", List.of("1", "2"), "onnxruntime", signature, out);

        assertThat(out.toString(UTF_8)).isEqualTo("""
                        {"name":"iris","versions":["1","2"],"platform":"onnxruntime",\
                        "inputs":[{"name":"x","datatype":"FP32","shape":[-1,4]}],\
                        "outputs":[{"name":"scores","datatype":"seq(map(INT64,FP32))","shape":[-1]}]}""");
    }
}
