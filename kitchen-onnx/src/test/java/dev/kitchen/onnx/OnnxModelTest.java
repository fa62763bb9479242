package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {

    @TempDir
    private Path directory;

    @Test
    void countsOperatorsByName() throws IOException {
        Path file = TestModels.classifier(directory, "m", 1);

        OnnxModel model = OnnxModel.inspect(file);

        assertThat(model.operators()).isEqualTo(Map.of("ArgMax", 1L, "MatMul", 1L, "Softmax", 1L));
        assertThat(model.opsets()).isEqualTo(Map.of("ai.onnx", 17L));
        assertThat(model.sizeBytes()).isEqualTo(Files.size(file));
        assertThat(model.path()).isEqualTo(file.toRealPath());
        assertThat(model.externalFiles()).isEmpty();
    }

    @Test
    void countsWhatIsNestedAndNamesOtherDomains() throws IOException {
        GraphProto branch = GraphProto.newBuilder()
                .addNode(TestModels.node("Relu", "z", "x"))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 1))
                .addNode(TestModels.node("Relu", "a", "x"))
                .addNode(TestModels.node("If", "y", "c").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setType(AttributeProto.AttributeType.GRAPH)
                                .setG(branch)))
                .addNode(TestModels.node("Scaler", "s", "x").toBuilder().setDomain("ai.onnx.ml"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 1))
                .build();
        ModelProto model = TestModels.model(graph).toBuilder()
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3))
                .build();

        OnnxModel inspected = OnnxModel.inspect(TestModels.write(directory, "m", model));

        assertThat(inspected.operators()).isEqualTo(Map.of("If", 1L, "Relu", 2L, "ai.onnx.ml.Scaler", 1L));
        assertThat(inspected.opsets()).isEqualTo(Map.of("ai.onnx", 17L, "ai.onnx.ml", 3L));
    }

    @Test
    void refusesWhatLoadingRefuses() {
        assertThatThrownBy(() -> OnnxModel.inspect(directory.resolve("none.onnx")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("does not exist");
    }
}
