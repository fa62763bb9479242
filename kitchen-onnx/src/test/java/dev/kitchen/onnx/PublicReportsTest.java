package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users of ONNX Runtime and of other runtimes for ONNX reported in public, on both ways into ONNX Runtime. */
class PublicReportsTest {

    @TempDir
    Path directory;

    /**
     * microsoft/onnxruntime#12284: a face detector exported for images of 640x640 declares {800,10} for one of its
     * outputs. Images of another size are answered, with a warning of ONNX Runtime.
     */
    @ParameterizedTest
    @EnumSource(
            value = Api.class,
            names = {"AUTO", "JAVA"})
    void aDetectorWhoseOutputsAreDeclaredForOneImageSizeAnswersOthers(Api api) throws IOException, OrtException {
        Path file = TestModels.write(directory, "m", TestModels.model(detector().build()));
        try (Kitchen kitchen = open(file, api)) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int size : new int[] {640, 128, 64, 640}) {
                Tensor image = image(size);
                Tensor expected = OfficialReference.tensors(file, List.of("image"), List.of(image))
                        .get("points");
                assertThat(expected.shape()).isEqualTo(Shape.of((size / 32L) * (size / 32L) * 2L, 10L));
                assertThat(endpoint.predict("image", image).tensor("points")).isEqualTo(expected);
                try (BoundCall call = endpoint.bind(Map.of("image", image.shape(), "points", expected.shape()))) {
                    image.copyTo(call.input("image"));
                    call.run();
                    assertThat(call.value("points")).isEqualTo(expected);
                }
            }
        }
    }

    /** Two anchors of five points for each 32 by 32 pixels. */
    private static GraphProto.Builder detector() {
        TensorProto.Builder weights = TensorProto.newBuilder()
                .setName("w")
                .setDataType(TestModels.FLOAT)
                .addDims(20)
                .addDims(1)
                .addDims(1)
                .addDims(1);
        for (int i = 0; i < 20; i++) {
            weights.addFloatData(i + 1);
        }
        return GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("image", TestModels.FLOAT, 1, 1, "height", "width"))
                .addInitializer(weights)
                .addInitializer(TensorProto.newBuilder()
                        .setName("rows")
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(2)
                        .addInt64Data(-1)
                        .addInt64Data(10))
                .addNode(TestModels.node("Conv", "maps", "image", "w").toBuilder()
                        .addAttribute(ints("strides", 32, 32)))
                .addNode(TestModels.node("Transpose", "cells", "maps").toBuilder()
                        .addAttribute(ints("perm", 2, 3, 0, 1)))
                .addNode(TestModels.node("Reshape", "points", "cells", "rows"))
                .addOutput(TestModels.tensor("points", TestModels.FLOAT, 800, 10));
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private static Tensor image(int size) {
        float[] pixels = new float[size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 251;
        }
        return Tensor.of(pixels, 1, 1, size, size);
    }

    private static Kitchen open(Path file, Api api) {
        return Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(OnnxOptions.builder().api(api).build()))
                .shutdownHook(false)
                .open();
    }

    /** sonos/tract#2712: Div and Mod of the smallest integer by -1. ONNX Runtime 1.28 ends the process. */
    @ParameterizedTest
    @EnumSource(
            value = Api.class,
            names = {"AUTO", "JAVA"})
    void theSmallestIntegerDividedByMinusOneIsRefused(Api api) throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(SmallestDivided.class)
                .withArguments(api.name(), directory.toString())
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.value("survived")).isEqualTo("4");
        assertThat(result.output().lines().filter(it -> it.startsWith("answered")))
                .containsExactly("answered 1", "answered 1", "answered 0", "answered 0");
        assertThat(result.output().lines().filter(it -> it.startsWith("refused") && it.contains("by -1")))
                .as(result.output())
                .hasSize(4);
    }
}
