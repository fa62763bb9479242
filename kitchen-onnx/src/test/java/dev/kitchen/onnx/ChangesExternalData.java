package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Overwrites a model's external data while the model serves, then cuts it off, and prints the answers. Run in a JVM of its
 * own: a read behind the end of a file ends the process. Arguments: the API; a directory.
 */
final class ChangesExternalData {

    private static final int COUNT = 1 << 20;

    private ChangesExternalData() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        Path data = directory.resolve("w.bin");
        Files.write(data, floats(1));
        Path model = TestModels.write(directory, "m", TestModels.model(graph()));
        OnnxOptions options =
                OnnxOptions.builder().api(OnnxOptions.Api.valueOf(arguments[0])).build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(model)
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            Files.write(data, floats(666), StandardOpenOption.WRITE);
            System.out.println("overwritten=" + answer(endpoint));
            Files.newOutputStream(data, StandardOpenOption.TRUNCATE_EXISTING).close();
            System.out.println("cut-off=" + answer(endpoint));
            System.out.println("left-behind=" + copies());
        }
    }

    private static float answer(Endpoint endpoint) {
        return endpoint.predict("i", Tensor.of(new long[] {COUNT - 1}, 1))
                .tensor("y")
                .toFloatArray()[0];
    }

    private static long copies() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(it -> it.getFileName().toString().startsWith("kitchen-external-"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GraphProto graph() {
        return GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("i", TensorProto.DataType.INT64_VALUE, "n"))
                .addInitializer(TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(TestModels.FLOAT)
                        .addDims(COUNT)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue("w.bin")))
                .addNode(TestModels.node("Gather", "y", "w", "i"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n"))
                .build();
    }

    private static byte[] floats(float value) {
        ByteBuffer bytes = ByteBuffer.allocate(COUNT * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }
}
