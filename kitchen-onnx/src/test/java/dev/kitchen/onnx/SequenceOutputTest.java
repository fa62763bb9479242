package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that are sequences, also empty ones, and outputs that are named twice. */
class SequenceOutputTest {

    @TempDir
    Path directory;

    /** How ONNX Runtime is called. */
    Api api() {
        return Api.AUTO;
    }

    private Kitchen open(ModelProto model) throws IOException {
        return Kitchen.builder()
                .models(TestModels.write(directory, "m", model))
                .backend(new OnnxBackend(OnnxOptions.builder().api(api()).build()))
                .shutdownHook(false)
                .open();
    }

    /** Scores of three classes as a map for each row, as scikit-learn's exporter writes classifiers. */
    private static ModelProto classifier(TensorProto.DataType keyType) {
        AttributeProto.Builder classes = AttributeProto.newBuilder();
        if (keyType == TensorProto.DataType.STRING) {
            classes.setName("classlabels_strings").setType(AttributeProto.AttributeType.STRINGS);
            List.of("a", "b", "c").forEach(it -> classes.addStrings(ByteString.copyFromUtf8(it)));
        } else {
            classes.setName("classlabels_int64s").setType(AttributeProto.AttributeType.INTS);
            List.of(0L, 1L, 2L).forEach(classes::addInts);
        }
        TypeProto.Map map = TypeProto.Map.newBuilder()
                .setKeyType(keyType.getNumber())
                .setValueType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TestModels.FLOAT)))
                .build();
        ValueInfoProto scores = ValueInfoProto.newBuilder()
                .setName("scores")
                .setType(TypeProto.newBuilder()
                        .setSequenceType(TypeProto.Sequence.newBuilder()
                                .setElemType(TypeProto.newBuilder().setMapType(map))))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 3))
                .addNode(TestModels.node("ZipMap", "scores", "x").toBuilder()
                        .setDomain("ai.onnx.ml")
                        .addAttribute(classes))
                .addNode(TestModels.node("Neg", "y", "x"))
                .addOutput(scores)
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 3))
                .build();
        return TestModels.model(graph).toBuilder()
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3))
                .build();
    }

    private static SequenceValue scores(Endpoint endpoint, int rows) {
        Prediction prediction = endpoint.predict("x", Tensor.of(new float[rows * 3], rows, 3));
        assertThat(prediction.tensor("y").shape().dimension(0)).isEqualTo(rows);
        return (SequenceValue) prediction.outputs().value("scores");
    }

    @Test
    void aSequenceOfMapsWithoutRowsIsAnEmptySequence() throws IOException {
        for (TensorProto.DataType keys : List.of(TensorProto.DataType.STRING, TensorProto.DataType.INT64)) {
            try (Kitchen kitchen = open(classifier(keys))) {
                Endpoint endpoint = kitchen.endpoint("m");
                for (int rows : new int[] {2, 0, 1, 0, 0, 3}) {
                    assertThat(scores(endpoint, rows).elements()).hasSize(rows);
                }
                assertThat(scores(endpoint, 1).elements().get(0)).isInstanceOf(MapValue.class);
            }
        }
    }

    @Test
    void anEmptySequenceOfTensorsIsAnEmptySequence() throws IOException {
        ValueInfoProto sequence = ValueInfoProto.newBuilder()
                .setName("s")
                .setType(TypeProto.newBuilder()
                        .setSequenceType(TypeProto.Sequence.newBuilder()
                                .setElemType(TypeProto.newBuilder()
                                        .setTensorType(
                                                TypeProto.Tensor.newBuilder().setElemType(TestModels.FLOAT)))))
                .build();
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n"))
                .addNode(TestModels.node("SplitToSequence", "s", "x").toBuilder()
                        .addAttribute(TestModels.integer("axis", 0)))
                .addOutput(sequence);
        try (Kitchen kitchen = open(TestModels.model(graph.build()))) {
            for (int elements : new int[] {2, 0, 1}) {
                SequenceValue value = (SequenceValue) kitchen.endpoint("m")
                        .predict("x", Tensor.of(new float[elements], elements))
                        .outputs()
                        .value("s");
                assertThat(value.elements()).hasSize(elements);
            }
        }
    }

    @Test
    void aModelThatNamesAnOutputTwiceAnswersItOnce() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 2))
                .addNode(TestModels.node("Neg", "y", "x"))
                .addNode(TestModels.node("Abs", "z", "x"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 2))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 2))
                .addOutput(TestModels.tensor("z", TestModels.FLOAT, 2));
        try (Kitchen kitchen = open(TestModels.model(graph.build()))) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int i = 0; i < 3; i++) {
                Prediction prediction = endpoint.predict("x", Tensor.of(new float[] {i, 2}, 2));
                assertThat(prediction.outputs().names()).containsExactly("y", "z");
                assertThat(prediction.tensor("y").toFloatArray()).containsExactly(-(float) i, -2);
                assertThat(prediction.tensor("z").toFloatArray()).containsExactly(i, 2);
            }
            try (BoundCall call = endpoint.bind()) {
                call.input("x").putFloat(0, 5);
                call.run();
                assertThat(call.output("y").getFloat(0)).isEqualTo(-5);
                assertThat(call.output("z").getFloat(0)).isEqualTo(5);
            }
        }
    }

    @Test
    void anOutputThatIsRequestedTwiceIsRefused() throws IOException {
        try (Kitchen kitchen = open(classifier(TensorProto.DataType.STRING))) {
            Endpoint endpoint = kitchen.endpoint("m");
            Tensor x = Tensor.of(new float[3], 1, 3);
            assertThatThrownBy(() -> endpoint.predict("x", x, CallOptions.requestedOutputs("y", "y")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("name an output twice");
            assertThat(endpoint.predict(Map.of("x", x), CallOptions.requestedOutputs("y", "scores"))
                            .outputs()
                            .names())
                    .containsExactly("y", "scores");
        }
    }
}
