package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxFeaturesTest {

    @TempDir
    Path directory;

    /** How ONNX Runtime is called. */
    Api api() {
        return Api.AUTO;
    }

    /** Whether models run through the Java API, which does not take all inputs. */
    private boolean isOfficialRoad() {
        return api() == Api.JAVA || Runtime.version().feature() < 22;
    }

    private Kitchen open(Path model) {
        return Kitchen.builder()
                .models(model)
                .backend(new OnnxBackend(OnnxOptions.builder().api(api()).build()))
                .open();
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STRING", "UINT16", "UINT32", "UINT64"})
    void everyBitOfEveryTypeComesBack(DataType type) throws IOException {
        Path model = TestModels.identity(directory, TensorProto.DataType.valueOf(type.name()));
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("identity_" + type);
            for (long[] shape : new long[][] {{3, 5}, {1, 1}, {0, 4}, {4, 0}}) {
                Tensor input = randomBits(type, shape);

                assertThat(endpoint.predict("x", input).tensor("y")).isEqualTo(input);
            }
        }
    }

    private static Tensor randomBits(DataType type, long... shape) {
        byte[] bytes = new byte[Math.toIntExact(Shape.of(shape).elementCount() * type.sizeBytes())];
        new Random(shape[0]).nextBytes(bytes);
        for (int i = 0; type == DataType.BOOL && i < bytes.length; i++) {
            bytes[i] &= 1;
        }
        return Tensor.copyOf(type, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), shape);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"UINT16", "UINT32", "UINT64"})
    void unsignedTypesComeBackOrEndInAnErrorThatSaysWhichJdkCan(DataType type) throws IOException {
        Path model = TestModels.identity(directory, TensorProto.DataType.valueOf(type.name()));
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("identity_" + type);
            if (!isOfficialRoad()) {
                Tensor input = randomBits(type, 2, 3);
                assertThat(endpoint.predict("x", input).tensor("y")).isEqualTo(input);
                return;
            }

            assertThatThrownBy(() -> endpoint.predict("x", randomBits(type, 1, 2)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(type + " tensors")
                    .hasMessageContaining("JDK 22");
        }
    }

    @Test
    void stringsComeBackOrAreRefused() throws IOException {
        Path model = TestModels.identity(directory, TensorProto.DataType.STRING);
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("identity_STRING");
            Tensor plain = Tensor.ofStrings(new String[] {"", "a b", "\u00e9\u20ac\uffff", "\u263a\n"}, 2, 2);

            assertThat(endpoint.predict("x", plain).tensor("y")).isEqualTo(plain);
            assertThat(endpoint.predict("x", Tensor.ofStrings(new String[0], 0, 3))
                            .tensor("y")
                            .elementCount())
                    .isZero();
            if (!isOfficialRoad()) {
                Tensor wide = Tensor.ofStrings(new String[] {"a\u0000b", "\ud83c\udf55", "\u0000"}, 3, 1);
                assertThat(endpoint.predict("x", wide).tensor("y")).isEqualTo(wide);
                assertThatThrownBy(() -> endpoint.predict("x", Tensor.ofStrings(new String[] {"\ud800"}, 1, 1)))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("surrogate");
                return;
            }
            for (String changed : new String[] {"a\u0000b", "\ud83c\udf55", "\ud800"}) {
                assertThatThrownBy(() -> endpoint.predict("x", Tensor.ofStrings(new String[] {changed}, 1, 1)))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("U+")
                        .hasMessageContaining("JDK 22");
            }
        }
    }

    @Test
    void outputsWithCharactersThatTheOfficialRoadCutsOffAreRefusedThereAndNoOthers() throws IOException {
        String[] names = {"\ud83c\udf55", "a \ud83e\udd57 b", "\u00e6\u00f0i", "\u00fea\u00f1a", "plain"};
        TensorProto.Builder constant = TensorProto.newBuilder()
                .setName("names")
                .setDataType(TensorProto.DataType.STRING_VALUE)
                .addDims(names.length);
        for (String name : names) {
            constant.addStringData(com.google.protobuf.ByteString.copyFromUtf8(name));
        }
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TensorProto.DataType.INT64_VALUE, 1))
                .addInitializer(constant)
                .addNode(TestModels.node("Gather", "y", "names", "x"))
                .addOutput(TestModels.tensor("y", TensorProto.DataType.STRING_VALUE, 1))
                .build();
        try (Kitchen kitchen = open(TestModels.write(directory, "m", TestModels.model(graph)))) {
            for (int i = 0; i < names.length; i++) {
                Tensor index = Tensor.of(new long[] {i}, 1);
                if (i < 2 && isOfficialRoad()) {
                    assertThatThrownBy(() -> kitchen.endpoint("m").predict("x", index))
                            .isInstanceOf(InferenceException.class)
                            .hasMessageContaining("output 'y'")
                            .hasMessageContaining("JDK 22");
                } else {
                    assertThat(kitchen.endpoint("m")
                                    .predict("x", index)
                                    .tensor("y")
                                    .stringAt(0))
                            .isEqualTo(names[i]);
                }
            }
        }
    }

    @Test
    void namesDynamicDimensionsAsTheModelDoes() throws IOException {
        try (Kitchen kitchen = open(TestModels.classifier(directory, "c", 1))) {
            assertThat(kitchen.endpoint("c").signature().inputs())
                    .containsExactly(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 4), List.of("batch", "")));
            assertThat(kitchen.endpoint("c").metadata().producer()).isEqualTo("kitchen-tests");
        }
    }

    @Test
    void anUnknownRankTakesEveryShapeButScalars() throws IOException {
        ValueInfoProto rankless = ValueInfoProto.newBuilder()
                .setName("x")
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TestModels.FLOAT)))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(rankless)
                .addNode(TestModels.node("Identity", "y", "x"))
                .addOutput(rankless.toBuilder().setName("y"))
                .build();
        try (Kitchen kitchen = open(TestModels.write(directory, "m", TestModels.model(graph)))) {
            Endpoint endpoint = kitchen.endpoint("m");
            assertThat(((TensorSpec) endpoint.signature().inputs().get(0)).shape())
                    .isEqualTo(Shape.UNKNOWN);
            for (Tensor input :
                    List.of(Tensor.of(new float[] {1, 2}, 2), Tensor.of(new float[8], 1, 1, 1, 1, 2, 1, 2, 1, 2, 1))) {
                assertThat(endpoint.predict("x", input).tensor("y")).isEqualTo(input);
            }
            assertThatThrownBy(() -> endpoint.predict("x", Tensor.of(new float[] {1})))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("input 'x' has shape []");
        }
    }

    private Path withDefaults() throws IOException {
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 1))
                .addInput(TestModels.tensor("scale", TestModels.FLOAT, 1))
                .addInput(TestModels.tensor("offset", TestModels.FLOAT, 1))
                .addInitializer(scalar("scale", 10))
                .addInitializer(scalar("hidden", 0))
                .addInitializer(scalar("offset", 1))
                .addNode(TestModels.node("Mul", "scaled", "x", "scale"))
                .addNode(TestModels.node("Add", "y", "scaled", "offset"))
                .addNode(TestModels.node("Add", "z", "scaled", "hidden"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 1))
                .addOutput(TestModels.tensor("z", TestModels.FLOAT, 1))
                .build();
        return TestModels.write(directory, "defaults", TestModels.model(graph));
    }

    private static TensorProto scalar(String name, float value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(TestModels.FLOAT)
                .addDims(1)
                .addFloatData(value)
                .build();
    }

    private static Tensor one(float value) {
        return Tensor.of(new float[] {value}, 1);
    }

    @Test
    void defaultsCanBeOverriddenOneByOne() throws IOException {
        try (Kitchen kitchen = open(withDefaults())) {
            Endpoint endpoint = kitchen.endpoint("defaults");

            assertThat(endpoint.signature().defaultedInputs())
                    .extracting(it -> it.name())
                    .containsExactly("scale", "offset");
            assertThat(endpoint.predict("x", one(2)).tensor("y")).isEqualTo(one(21));
            assertThat(endpoint.predict(Map.of("x", one(2), "scale", one(3))).tensor("y"))
                    .isEqualTo(one(7));
            assertThat(endpoint.predict(Map.of("offset", one(5), "x", one(2))).tensor("y"))
                    .isEqualTo(one(25));
            assertThat(endpoint.predict(
                                    Map.of("x", one(2), "scale", one(3), "offset", one(5)),
                                    CallOptions.requestedOutputs("z"))
                            .tensor("z"))
                    .isEqualTo(one(6));
            assertThat(endpoint.predict("x", one(2)).tensor("y")).isEqualTo(one(21));
            assertThatThrownBy(() -> endpoint.predict(Map.of("x", one(2), "hidden", one(3))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("unknown input 'hidden'");
            assertThatThrownBy(() -> endpoint.predict(Map.of("x", one(2), "scale", Tensor.of(new float[2], 2))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("input 'scale' has shape [2], expected [1]");
        }
    }

    @Test
    void sequencesComeOutAndGoInWhereTheRoadTakesThem() throws IOException {
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 2))
                .addNode(TestModels.node("SplitToSequence", "parts", "x"))
                .addOutput(ValueInfoProto.newBuilder().setName("parts").setType(sequenceOfFloats()))
                .build();
        try (Kitchen kitchen = open(TestModels.write(directory, "split", TestModels.model(graph)))) {
            Endpoint endpoint = kitchen.endpoint("split");
            Value parts = endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2))
                    .value("parts");

            assertThat(endpoint.signature().outputs().get(0)).isInstanceOf(SequenceSpec.class);
            assertThat(parts)
                    .isEqualTo(new SequenceValue(
                            List.of(Tensor.of(new float[] {1, 2}, 1, 2), Tensor.of(new float[] {3, 4}, 1, 2))));
        }
        GraphProto reverse = GraphProto.newBuilder()
                .setName("g")
                .addInput(ValueInfoProto.newBuilder().setName("parts").setType(sequenceOfFloats()))
                .addNode(TestModels.node("SequenceLength", "y", "parts"))
                .addOutput(TestModels.tensor("y", TensorProto.DataType.INT64_VALUE))
                .build();
        try (Kitchen kitchen = open(TestModels.write(directory, "length", TestModels.model(reverse)))) {
            if (!isOfficialRoad()) {
                Value three = new SequenceValue(List.of(one(1), one(2), one(3)));
                assertThat(kitchen.endpoint("length")
                                .predict("parts", three)
                                .tensor("y")
                                .longAt(0))
                        .isEqualTo(3);
                return;
            }
            assertThatThrownBy(() -> kitchen.endpoint("length").predict("parts", new SequenceValue(List.of(one(1)))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("sequences")
                    .hasMessageContaining("JDK 22");
        }
    }

    private static TypeProto sequenceOfFloats() {
        return TypeProto.newBuilder()
                .setSequenceType(TypeProto.Sequence.newBuilder()
                        .setElemType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TestModels.FLOAT))))
                .build();
    }

    @Test
    void whatOnlyTheRunFindsOutIsTheCallersError() throws IOException {
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("a", TestModels.FLOAT, "n", 2))
                .addInput(TestModels.tensor("b", TestModels.FLOAT, "m", 3))
                .addNode(TestModels.node("MatMul", "y", "a", "b"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 3))
                .build();
        try (Kitchen kitchen = open(TestModels.write(directory, "m", TestModels.model(graph)))) {
            Endpoint endpoint = kitchen.endpoint("m");
            Tensor a = Tensor.of(new float[2], 1, 2);

            assertThatThrownBy(() -> endpoint.predict(Map.of("a", a, "b", Tensor.of(new float[9], 3, 3))))
                    .isInstanceOfAny(InvalidRequestException.class, InferenceException.class)
                    .hasMessageContaining("endpoint 'm', version '1'");
            assertThat(endpoint.predict(Map.of("a", a, "b", Tensor.of(new float[6], 2, 3)))
                            .tensor("y")
                            .shape())
                    .isEqualTo(Shape.of(1, 3));
        }
    }

    @Test
    void optionsAreReadFromTextsAndUnknownOnesRefused() {
        OnnxOptions options = OnnxOptions.of(Map.of(
                "intra-op-threads", "3",
                "optimization", "basic",
                "memory-arena", "false",
                "execution-providers", "cuda, cpu"));

        assertThat(options.intraOpThreads()).isEqualTo(3);
        assertThat(options.optimization()).isEqualTo(OnnxOptions.Optimization.BASIC);
        assertThat(options.memoryArena()).isFalse();
        assertThat(options.executionProviders())
                .extracting(ExecutionProvider::kind)
                .containsExactly(ExecutionProvider.Kind.CUDA, ExecutionProvider.Kind.CPU);
        assertThat(options.interOpThreads()).isEqualTo(OnnxOptions.defaults().interOpThreads());
        assertThatThrownBy(() -> OnnxOptions.of(Map.of(
                        "intraOpThreads",
                        "3",
                        "inter-op-threads",
                        "x",
                        "memory-arena",
                        "yes",
                        "optimization",
                        "o3",
                        "max-model-bytes",
                        "0",
                        "execution-providers",
                        "abacus")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown option 'intraOpThreads'")
                .hasMessageContaining("'inter-op-threads' is 'x'")
                .hasMessageContaining("'memory-arena' is 'yes'")
                .hasMessageContaining("'optimization' is 'o3'")
                .hasMessageContaining("abacus")
                .hasMessageContaining("max-model-bytes is 0");
    }

    @Test
    void optionsOutOfRangeAreNamedTogether() {
        assertThatThrownBy(() -> OnnxOptions.builder()
                        .intraOpThreads(0)
                        .interOpThreads(-1)
                        .maxModelBytes(0)
                        .maxInputElements(0)
                        .maxOutputElements(0)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "ONNX options: intra-op-threads is 0, expected 1 or more; inter-op-threads is -1, expected 1 or"
                                + " more; max-model-bytes is 0, expected 1 or more; max-input-elements is 0, expected 1 or more;"
                                + " max-output-elements is 0, expected 1 or more");
    }

    @ParameterizedTest
    @EnumSource
    void everyExecutionProviderIsUsedOrSkipped(ExecutionProvider.Kind kind) throws IOException {
        Path model = TestModels.classifier(directory, "c", 1);
        OnnxBackend backend = new OnnxBackend(OnnxOptions.builder()
                .executionProviders(ExecutionProvider.of(kind))
                .build());

        assertThatCode(() -> backend.load(model).close()).doesNotThrowAnyException();
    }

    @Test
    void aBuilderOfOptionsKeepsWhatItDoesNotChange() {
        Path library = Path.of("operators.so");
        ExecutionProvider provider = ExecutionProvider.of(ExecutionProvider.Kind.XNNPACK);
        OnnxOptions options = OnnxOptions.builder()
                .intraOpThreads(3)
                .interOpThreads(2)
                .optimization(OnnxOptions.Optimization.BASIC)
                .memoryArena(false)
                .executionProviders(provider)
                .customOpLibraries(library)
                .maxModelBytes(4)
                .maxInputElements(5)
                .maxOutputElements(6)
                .api(OnnxOptions.Api.JAVA)
                .build();

        OnnxOptions copy = options.toBuilder().build();

        assertThat(copy).usingRecursiveComparison().isEqualTo(options);
        assertThat(copy.intraOpThreads()).isEqualTo(3);
        assertThat(copy.interOpThreads()).isEqualTo(2);
        assertThat(copy.sharedThreads()).isFalse();
        assertThat(copy.executionProviders()).containsExactly(provider);
        assertThat(copy.customOpLibraries()).containsExactly(library);
        assertThat(copy.maxModelBytes()).isEqualTo(4);
        assertThat(copy.maxInputElements()).isEqualTo(5);
        assertThat(copy.maxOutputElements()).isEqualTo(6);
        assertThat(copy.api()).isEqualTo(OnnxOptions.Api.JAVA);
    }

    @Test
    void everyOptionSettingRunsAndMissingHardwareFallsBackToTheCpu() throws IOException {
        Path model = TestModels.classifier(directory, "c", 1);
        Tensor input = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
        float[] expected = null;
        for (OnnxOptions options : List.of(
                OnnxOptions.defaults(),
                OnnxOptions.builder()
                        .intraOpThreads(1)
                        .interOpThreads(2)
                        .memoryArena(false)
                        .build(),
                OnnxOptions.builder()
                        .optimization(OnnxOptions.Optimization.NONE)
                        .build(),
                OnnxOptions.builder()
                        .executionProviders(
                                ExecutionProvider.of("cuda"),
                                ExecutionProvider.of("tensorrt"),
                                ExecutionProvider.of("dnnl"),
                                ExecutionProvider.of("cpu"))
                        .build())) {
            try (Kitchen kitchen = Kitchen.builder()
                    .models(model)
                    .backend(new OnnxBackend(options))
                    .open()) {
                float[] actual =
                        kitchen.endpoint("c").predict("x", input).tensor("y").toFloatArray();
                expected = expected == null ? actual : expected;
                assertThat(actual).containsExactly(expected, org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void aMissingCustomOpLibraryIsNamed() throws IOException {
        Path model = TestModels.classifier(directory, "c", 1);
        Path text = Files.writeString(directory.resolve("libtext.so"), "not a library");
        for (Path library : List.of(directory.resolve("libmissing.so"), text)) {
            OnnxBackend backend = new OnnxBackend(
                    OnnxOptions.builder().customOpLibraries(library).build());

            assertThatThrownBy(() -> backend.load(model))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(library.getFileName().toString());
        }
    }

    @Test
    void externalDataInsideTheDirectoryIsUsed() throws IOException {
        ByteBuffer weights = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        weights.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
        Files.write(directory.resolve("w.bin"), weights.array());
        TensorProto tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(TestModels.FLOAT)
                .addDims(2)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(ai.onnx.proto.OnnxMl.StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue("w.bin"))
                .build();
        ModelProto model = TestModels.model(GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 2))
                .addInitializer(tensor)
                .addNode(TestModels.node("MatMul", "y", "x", "w"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 2))
                .build());
        try (Kitchen kitchen = open(TestModels.write(directory, "m", model))) {
            assertThat(kitchen.endpoint("m")
                            .predict("x", Tensor.of(new float[] {1, 10}, 1, 2))
                            .tensor("y")
                            .toFloatArray())
                    .containsExactly(31, 42);
        }
    }
}
