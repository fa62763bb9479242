package dev.kitchen.tflite;

import static dev.kitchen.tflite.ModelSketch.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.tflite.FlatSketch.Table;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which files are refused before TensorFlow Lite sees them. */
class TfliteFileTest {

    private static final Path PLACE = Path.of("model.tflite");

    private static TfliteFile scan(ModelSketch sketch) {
        return scan(sketch.bytes(), true);
    }

    private static TfliteFile scan(byte[] bytes, boolean trusted) {
        return TfliteFile.of(PLACE, new FlatFile(PLACE, bytes), trusted);
    }

    private static void refuses(ModelSketch sketch, String reason) {
        assertThatThrownBy(() -> scan(sketch))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("model.tflite")
                .hasMessageContaining(reason);
    }

    @Test
    void readsWhatAFileSaysOfItself() {
        TfliteFile file = scan(TestModels.classifier(1));

        assertThat(file.graphs()).hasSize(1);
        assertThat(file.graphs().get(0).operators())
                .extracting(OperatorInfo::name)
                .containsExactly("FULLY_CONNECTED", "SOFTMAX", "ARG_MAX");
        assertThat(file.signatures()).extracting(SignatureInfo::key).containsExactly("serving_default");
        assertThat(file.description()).isEqualTo("made by a test");
        assertThat(ModelPlan.of(file, TfliteOptions.defaults()).signature()).hasToString("""
                in   x: FLOAT [batch, 4]
                out  y: FLOAT [batch, 3]
                out  label: INT64 [batch]""");
    }

    @Test
    void refusesWhatKillsTheProcess() {
        refuses(TestModels.topKAtRunTime(), "operator TOPK_V2 takes k from its input at run time");
        refuses(TestModels.blockwise(), "tensor 1 ('weights') is quantised block by block");
        refuses(
                TestModels.unscaled(),
                "operator ADD calculates with tensor 1 ('weights') of type INT8, which has no scale");
        refuses(TestModels.narrowSvdf(8, 4), "operator SVDF has as state tensor 4 ('state'), variable, of type INT8");
    }

    @Test
    void takesInForAnotherProcessWhatWouldKillThisOne() {
        assertThat(scan(TestModels.topKAtRunTime().bytes(), false)).isNotNull();
        assertThat(scan(TestModels.blockwise().bytes(), false)).isNotNull();
        assertThat(scan(TestModels.narrowSvdf(8, 4).bytes(), false)).isNotNull();
    }

    @Test
    void refusesAConstantKBelowOne() {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(1, 8));
        int k = sketch.constant("k", ElementType.INT32, new byte[4]);
        int values = sketch.tensor("values", ElementType.FLOAT32, ints(1, 0));
        int indices = sketch.tensor("indices", ElementType.INT32, ints(1, 0));

        refuses(
                sketch.operator(BuiltinOperator.TOPK_V2, ints(x, k), values, indices)
                        .graph(ints(x), values, indices),
                "operator TOPK_V2 has k 0, expected 1 or more");
    }

    @Test
    void refusesAnLstmWhoseStateIsNoMemoryOfItsOwn() {
        refuses(lstm(true, 1, 4), "operator UNIDIRECTIONAL_SEQUENCE_LSTM has as state tensor");
        refuses(lstm(false, 1, 3), "of shape [1, 3], expected 4 elements");
        refuses(lstm(false, 2, 4), "of shape [2, 4], expected 4 elements");
        assertThat(scan(lstm(false, 1, 4))).isNotNull();
    }

    private static ModelSketch lstm(boolean plainState, int batch, int outputs) {
        ModelSketch sketch = new ModelSketch();
        int[] inputs = new int[20];
        Arrays.fill(inputs, -1);
        inputs[0] = sketch.tensor("x", ElementType.FLOAT32, ints(1, 3, 2));
        for (int gate = 1; gate <= 4; gate++) {
            inputs[gate] = sketch.floats("w" + gate, new float[8], 4, 2);
            inputs[gate + 4] = sketch.floats("r" + gate, new float[16], 4, 4);
            inputs[gate + 11] = sketch.floats("b" + gate, new float[4], 4);
        }
        inputs[18] = plainState
                ? sketch.floats("state", new float[4], 1, 4)
                : sketch.variable("state", ElementType.FLOAT32, batch, outputs);
        inputs[19] = sketch.variable("cell", ElementType.FLOAT32, 1, 4);
        int y = sketch.tensor("y", ElementType.FLOAT32, ints(1, 3, 4));
        return sketch.operator(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, inputs, y)
                .graph(ints(inputs[0]), y);
    }

    @Test
    void refusesDataThatAreNotAsLargeAsTheirShape() {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(4));
        int weights = sketch.floats("weights", new float[3], 4);
        int y = sketch.tensor("y", ElementType.FLOAT32, ints(4));

        refuses(
                sketch.operator(TestModels.ADD, ints(x, weights), y).graph(ints(x), y),
                "tensor 1 ('weights') has 12 bytes of data, its shape [4] needs 16");
    }

    @Test
    void refusesTextsThatDoNotFitIntoTheirData() {
        ModelSketch sketch = new ModelSketch();
        int texts = sketch.constant(
                "texts", ElementType.STRING, new byte[] {1, 0, 0, 0, 12, 0, 0, 0, 99, 0, 0, 0, 'a', 'b'}, 1);

        refuses(sketch.graph(ints(), texts), "tensor 0 ('texts') has texts that do not fit into its data");
    }

    @Test
    void refusesStepsThatReadWhatNobodyWrote() {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(4));
        int other = sketch.tensor("other", ElementType.FLOAT32, ints(4));
        int y = sketch.tensor("y", ElementType.FLOAT32, ints(4));

        refuses(
                sketch.operator(TestModels.ADD, ints(x, other), y).graph(ints(x), y),
                "tensor 1 ('other') has no data where ADD reads it");
    }

    @Test
    void refusesIndicesOutsideOfTheirLists() {
        refuses(add(ints(0, 7), ints(1)), "ADD is tensor 7, there are 2");
        refuses(add(ints(0, -2), ints(1)), "ADD is tensor -2, there are 2");
        refuses(add(ints(0, -1), ints(1)), "operator ADD lacks an input");
        refuses(add(ints(0, 0), ints(0)), "tensor 0 ('x') is written by ADD, and has data already");
        refuses(add(ints(0, 0), ints(1)).signature("wrong", 5, Map.of(), Map.of()), "a signature is for graph 5");
        refuses(
                add(ints(0, 0), ints(1)).signature("wrong", 0, Map.of("x", 1), Map.of()),
                "a signature's input 'x' is none of its graph's");
    }

    private static ModelSketch add(int[] inputs, int[] outputs) {
        ModelSketch sketch = new ModelSketch();
        sketch.tensor("x", ElementType.FLOAT32, ints(4));
        sketch.tensor("y", ElementType.FLOAT32, ints(4));
        return sketch.operator(TestModels.ADD, inputs, outputs).graph(ints(0), 1);
    }

    @Test
    void refusesOperatorsThatAreNotThere() {
        ModelSketch unknown = new ModelSketch();
        int x = unknown.tensor("x", ElementType.FLOAT32, ints(4));
        int y = unknown.tensor("y", ElementType.FLOAT32, ints(4));
        refuses(unknown.operator(999, ints(x), y).graph(ints(x), y), "operator number 999 is unknown");

        ModelSketch custom = new ModelSketch();
        x = custom.tensor("x", ElementType.FLOAT32, ints(4));
        y = custom.tensor("y", ElementType.FLOAT32, ints(4));
        refuses(custom.custom("Sinh", ints(x), y).graph(ints(x), y), "operator Sinh is not built into");

        ModelSketch flex = new ModelSketch();
        x = flex.tensor("x", ElementType.FLOAT32, ints(4));
        y = flex.tensor("y", ElementType.FLOAT32, ints(4));
        refuses(flex.custom("FlexSoftplus", ints(x), y).graph(ints(x), y), "convert the model without SELECT_TF_OPS");
    }

    @Test
    void refusesShapesNobodyCanHave() {
        refuses(shaped(ints(1, -5)), "expected 0 or more in each dimension");
        refuses(shaped(ints(1, 1, 1, 1, 1, 1, 1, 1, 1)), "has 9 dimensions, expected at most 8");
        refuses(shaped(ints(100_000, 100_000)), "expected at most 2147483639");
    }

    private static ModelSketch shaped(int[] shape) {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, shape);
        return sketch.graph(ints(x), x);
    }

    @Test
    void refusesSizesThatCannotBeCounted() {
        assertThatThrownBy(() -> scan(shaped(ints(2_000_000_000, 2_000_000_000, 2_000_000_000))))
                .isInstanceOf(ModelLoadException.class);
    }

    @Test
    void refusesScalesThatAreNoScales() {
        refuses(quantized(new float[] {Float.NaN}, new long[] {0}, 0), "has the scale NaN");
        refuses(quantized(new float[] {-1}, new long[] {0}, 0), "has the scale -1.0");
        refuses(quantized(new float[] {1}, new long[] {200}, 0), "has the zero point 200, which is no INT8");
        refuses(quantized(new float[] {1, 1}, new long[] {0, 0}, 3), "has 2 scales along dimension 3");
        refuses(quantized(new float[] {1, 1}, new long[] {0}, 0), "has 2 scales and 1 zero points");
    }

    private static ModelSketch quantized(float[] scales, long[] zeroPoints, int axis) {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.INT8, ints(2, 2));
        return sketch.quantized(scales, zeroPoints, axis).graph(ints(x), x);
    }

    @Test
    void refusesGraphsThatCallThemselves() {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(1));
        int y = sketch.tensor("y", ElementType.FLOAT32, ints(1));

        refuses(
                sketch.operator(
                                BuiltinOperator.WHILE,
                                1,
                                ints(x),
                                ints(y),
                                93,
                                new Table().with(0, 0).with(1, 0))
                        .graph(ints(x), y),
                "graph 0 calls itself");
    }

    @Test
    void refusesAnotherVersionOfTheFormat() {
        refuses(TestModels.classifier(1).withVersion(4), "has schema version 4, expected 3");
    }

    @Test
    void endsForEveryTruncationAndEveryFlippedByteInATypedErrorOrAModel() {
        byte[] good = TestModels.classifier(1).bytes();
        for (int length = 8; length < good.length; length++) {
            scanOrRefuse(Arrays.copyOf(good, length));
        }
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] flipped = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
            }
            scanOrRefuse(flipped);
        }
    }

    private static void scanOrRefuse(byte[] bytes) {
        try {
            assertThat(ModelPlan.of(scan(bytes, true), TfliteOptions.defaults()))
                    .isNotNull();
        } catch (ModelLoadException e) {
            assertThat(e).hasMessageContaining("model.tflite");
        }
    }
}
