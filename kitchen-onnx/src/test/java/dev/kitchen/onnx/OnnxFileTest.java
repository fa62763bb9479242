package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import com.google.protobuf.ByteString;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.onnx.scan.OnnxValue;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let through to ONNX Runtime, and what is not. */
class OnnxFileTest {

    private static final long MAX = Integer.MAX_VALUE;

    @TempDir
    Path outside;

    private Path directory;

    @BeforeEach
    void makeModelDirectory() throws IOException {
        directory = Files.createDirectory(outside.resolve("models"));
    }

    private void refuses(ModelProto model, String... messages) throws IOException {
        Path file = TestModels.write(directory, "m", model);
        var thrown = assertThatThrownBy(() -> OnnxFile.scan(file, MAX)).isInstanceOf(ModelLoadException.class);
        thrown.hasMessageContaining("m.onnx");
        for (String message : messages) {
            thrown.hasMessageContaining(message);
        }
    }

    private void refusesBytes(byte[] bytes, String message) throws IOException {
        Path file = Files.write(directory.resolve("m.onnx"), bytes);

        assertThatThrownBy(() -> OnnxFile.scan(file, MAX))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("m.onnx")
                .hasMessageContaining(message);
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "batch", 4))
                .addNode(TestModels.node("Identity", "y", "x"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "batch", 4));
    }

    private static TensorProto.Builder external(String location, String... more) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(TensorProto.DataType.UINT8_VALUE)
                .addDims(16)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location));
        for (int i = 0; i < more.length; i += 2) {
            tensor.addExternalData(entry(more[i], more[i + 1]));
        }
        return tensor;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ModelProto withInitializer(TensorProto.Builder tensor) {
        return TestModels.model(graph().addInitializer(tensor).build());
    }

    @Test
    void readsInputsOutputsAndDefaults() throws IOException {
        TensorProto weights = TestModels.randomMatrix("w", 4, 2, 1);
        ModelProto model = TestModels.model(graph().addInput(TestModels.tensor("w", TestModels.FLOAT, 4, 2))
                .addInitializer(weights)
                .addInitializer(TestModels.randomMatrix("constant", 1, 1, 1))
                .build());

        OnnxFile file = OnnxFile.scan(TestModels.write(directory, "m", model), MAX);

        assertThat(file.inputs()).extracting(OnnxValue::name).containsExactly("x", "w");
        assertThat(file.inputs().get(0).spec())
                .contains(new TensorSpec("x", DataType.FLOAT, Shape.of(-1, 4), List.of("batch", "")));
        assertThat(file.outputs()).extracting(OnnxValue::name).containsExactly("y");
        assertThat(file.overridableInitializers()).containsExactly("w");
        assertThat(file.hasExternalData()).isFalse();
    }

    @Test
    void refusesWhatIsNoFileOfTheRightSize() throws IOException {
        assertThatThrownBy(() -> OnnxFile.scan(directory.resolve("none.onnx"), MAX))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> OnnxFile.scan(directory, MAX))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("not a regular file");
        refusesBytes(new byte[0], "is empty");
        Path good = TestModels.write(directory, "good", TestModels.model(graph().build()));
        assertThatThrownBy(() -> OnnxFile.scan(good, 10))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("expected at most 10")
                .hasMessageContaining("max-model-bytes");
    }

    @Test
    void tellsOtherFormatsByTheirFirstBytes() throws IOException {
        Map<String, String> heads = new TreeMap<>(Map.of(
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull",
                "\u001c\0\0\0TFL3............", "dev.kitchen:kitchen-tflite",
                "PK\u0003\u0004............", "PyTorch",
                "\u0080\u0002.............", "pickle",
                "\u001f\u008b\b............", "gzip",
                "\u0089HDF\r\n............", "Keras",
                "<!DOCTYPE html><html>", "HTML",
                "{\"error\": \"not found\"}", "JSON",
                "This is just some text.\n", "is a text"));
        for (Map.Entry<String, String> head : heads.entrySet()) {
            refusesBytes(head.getKey().getBytes(StandardCharsets.ISO_8859_1), head.getValue());
        }
    }

    @Test
    void refusesModelsWithoutGraphOrOpset() throws IOException {
        refuses(ModelProto.newBuilder().setIrVersion(8).build(), "has no graph");
        refuses(TestModels.model(graph().build()).toBuilder().clearOpsetImport().build(), "opset_import");
        ModelProto model = TestModels.model(graph().build());
        refusesBytes(model.toByteString().concat(model.toByteString()).toByteArray(), "two graphs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.bin",
                "../../secret.bin",
                "a/../../secret.bin",
                "/etc/passwd",
                "*/_ORT_MEM_ADDR_/*",
                "C:\\secret.bin",
                "c:/secret.bin",
                "..\\secret.bin",
                "..",
                "data.bin\u0000",
                "",
                " ",
            })
    void refusesDataOutsideTheModelsDirectory(String location) throws IOException {
        Files.write(outside.resolve("secret.bin"), new byte[16]);
        refuses(withInitializer(external(location)), "external data of the tensor 'w'");
    }

    @Test
    void refusesLinksThatLeadOutside() throws IOException {
        Path secret = Files.write(outside.resolve("secret.bin"), new byte[16]);
        Files.createSymbolicLink(directory.resolve("link.bin"), secret);
        Files.createSymbolicLink(directory.resolve("linked"), outside);
        Files.createLink(directory.resolve("hard.bin"), secret);
        Files.createDirectory(directory.resolve("directory.bin"));

        refuses(withInitializer(external("link.bin")), "inside the model's directory");
        refuses(withInitializer(external("linked/secret.bin")), "inside the model's directory");
        refuses(withInitializer(external("hard.bin")), "hard links");
        refuses(withInitializer(external("directory.bin")), "regular file");
        refuses(withInitializer(external("m.onnx")), "other than the model");
        refuses(withInitializer(external("missing.bin")), "is missing");
    }

    @Test
    void refusesDataThatIsCutOffOrOfTheWrongSize() throws IOException {
        Files.write(directory.resolve("w.bin"), new byte[16]);

        refuses(withInitializer(external("w.bin", "offset", "1")), "cut off");
        refuses(withInitializer(external("w.bin", "offset", "99999999999999999999")), "expected a number");
        refuses(withInitializer(external("w.bin", "offset", "-1")), "expected a number");
        refuses(withInitializer(external("w.bin", "length", "0x10")), "expected a number");
        refuses(withInitializer(external("w.bin", "length", "8")), "has 8 bytes, expected 16");
        refuses(withInitializer(external("w.bin", "location", "w.bin")), "twice");
        refuses(withInitializer(external("w.bin").setDims(0, 17)), "cut off");
    }

    @Test
    void findsExternalDataWhereverATensorMayStand() throws IOException {
        TensorProto bad = external("../secret.bin").build();
        NodeProto constant = TestModels.node("Constant", "c");
        AttributeProto inTensor =
                AttributeProto.newBuilder().setName("value").setT(bad).build();
        AttributeProto inList =
                AttributeProto.newBuilder().setName("values").addTensors(bad).build();
        AttributeProto inGraph = AttributeProto.newBuilder()
                .setName("body")
                .setG(GraphProto.newBuilder().addInitializer(bad))
                .build();
        AttributeProto inNestedGraph = AttributeProto.newBuilder()
                .setName("body")
                .addGraphs(GraphProto.newBuilder().addNode(constant.toBuilder().addAttribute(inGraph)))
                .build();
        AttributeProto inSparse = AttributeProto.newBuilder()
                .setName("sparse_value")
                .setSparseTensor(SparseTensorProto.newBuilder().setIndices(bad))
                .build();
        for (AttributeProto attribute : List.of(inTensor, inList, inGraph, inNestedGraph, inSparse)) {
            GraphProto graph = graph().addNode(constant.toBuilder().addAttribute(attribute))
                    .build();
            refuses(TestModels.model(graph), "'../secret.bin'");
        }
        refuses(
                TestModels.model(graph().addSparseInitializer(
                                SparseTensorProto.newBuilder().setValues(bad))
                        .build()),
                "'../secret.bin'");
        refuses(
                TestModels.model(graph().build()).toBuilder()
                        .addTrainingInfo(TrainingInfoProto.newBuilder()
                                .setAlgorithm(GraphProto.newBuilder().addInitializer(bad)))
                        .build(),
                "'../secret.bin'");
    }

    /** Protobuf merges a message that stands twice; each half alone is harmless here. */
    @Test
    void refusesATensorInTwoHalves() throws IOException {
        ByteString firstHalf = AttributeProto.newBuilder()
                .setName("value")
                .setT(external("../secret.bin").clearDataLocation().setRawData(ByteString.copyFrom(new byte[16])))
                .build()
                .toByteString();
        ByteString secondHalf = AttributeProto.newBuilder()
                .setT(TensorProto.newBuilder().setDataLocation(TensorProto.DataLocation.EXTERNAL))
                .build()
                .toByteString();
        AttributeProto merged = AttributeProto.parseFrom(firstHalf.concat(secondHalf));
        assertThat(merged.getT().getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
        com.google.protobuf.UnknownFieldSet node = com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        5,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(firstHalf.concat(secondHalf))
                                .build())
                .build();
        NodeProto constant = NodeProto.parseFrom(
                TestModels.node("Constant", "c").toByteString().concat(node.toByteString()));
        byte[] model = TestModels.model(graph().addNode(constant).build()).toByteArray();
        refusesBytes(
                replaced(
                        model,
                        constant.toByteString(),
                        TestModels.node("Constant", "c").toByteString().concat(node.toByteString())),
                "");
    }

    /** Serializing merges the halves again; this puts them back apart, in a model whose lengths are right. */
    private static byte[] replaced(byte[] model, ByteString merged, ByteString apart) throws IOException {
        ModelProto parsed = ModelProto.parseFrom(model);
        ByteString graph = parsed.getGraph().toBuilder().clearNode().build().toByteString();
        ByteString withNode = graph.concat(field(1, apart));
        assertThat(merged).isNotEqualTo(apart);
        return parsed.toBuilder()
                .clearGraph()
                .build()
                .toByteString()
                .concat(field(7, withNode))
                .toByteArray();
    }

    private static ByteString field(int number, ByteString content) {
        return com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(content)
                                .build())
                .build()
                .toByteString();
    }

    @Test
    void letsDataInsideTheDirectoryThrough() throws IOException {
        Files.createDirectory(directory.resolve("weights"));
        Path data = Files.write(directory.resolve("weights/w.bin"), new byte[32]);
        Path model = TestModels.write(
                directory, "m", withInitializer(external("./weights/w.bin", "offset", "16", "length", "16")));
        Path link = Files.createSymbolicLink(outside.resolve("linked.onnx"), model);

        assertThat(OnnxFile.scan(model, MAX).externalFiles()).containsExactly(data.toRealPath());
        assertThat(OnnxFile.scan(link, MAX).path()).isEqualTo(model.toRealPath());
    }

    @Test
    void refusesTensorsThatAreNotWhatTheyClaim() throws IOException {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName("w")
                .setDataType(TestModels.FLOAT)
                .addDims(2);

        refuses(withInitializer(tensor.clone().setRawData(ByteString.copyFrom(new byte[7]))), "needs 8 bytes");
        refuses(withInitializer(tensor.clone()), "2 elements");
        refuses(withInitializer(tensor.clone().addDims(-2)), "dimension -2");
        refuses(withInitializer(tensor.clone().addDims(1L << 62).addDims(8)), "more elements than a long can count");
        refuses(withInitializer(tensor.clone().addDims(1L << 40)), "elements");
        refuses(
                withInitializer(tensor.clone().setDataType(TensorProto.DataType.STRING_VALUE)),
                "needs as many strings");
    }

    @Test
    void refusesNestingWithoutEnd() throws IOException {
        GraphProto graph = graph().build();
        for (int i = 0; i < 200; i++) {
            graph = GraphProto.newBuilder()
                    .addNode(TestModels.node("If", "y", "x").toBuilder()
                            .addAttribute(AttributeProto.newBuilder()
                                    .setName("then_branch")
                                    .setG(graph)))
                    .build();
        }
        refuses(TestModels.model(graph), "deeper than");
    }

    @Test
    void aModelCutOffAnywhereIsReadOrRefusedAndNothingElse() throws IOException {
        byte[] whole = Files.readAllBytes(TestModels.classifier(directory, "whole", 1));
        for (int length = 0; length < whole.length; length++) {
            readsOrRefuses(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void aModelWithWrongBytesIsReadOrRefusedAndNothingElse() throws IOException {
        Random random = new Random(17);
        byte[] whole = Files.readAllBytes(TestModels.classifier(directory, "whole", 1));
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = whole.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            readsOrRefuses(mutated);
        }
    }

    private void readsOrRefuses(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("mutated.onnx"), bytes);
        try {
            assertThat(OnnxFile.scan(file, MAX).inputs()).hasSizeLessThan(bytes.length);
        } catch (ModelLoadException e) {
            assertThat(e).hasMessageContaining("mutated.onnx");
        }
    }
}
