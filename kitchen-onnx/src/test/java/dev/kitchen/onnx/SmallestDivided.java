package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Divides the smallest integer by -1, in a JVM of its own, as that may end the process. Arguments: how ONNX Runtime is
 * called, and a directory to write to.
 */
final class SmallestDivided {

    private SmallestDivided() {}

    public static void main(String[] arguments) throws IOException {
        OnnxOptions options =
                OnnxOptions.builder().api(OnnxOptions.Api.valueOf(arguments[0])).build();
        Path directory = Path.of(arguments[1]);
        for (String operator : new String[] {"Div", "Mod"}) {
            Tensor least = Tensor.of(new int[] {Integer.MIN_VALUE}, 1);
            Tensor minusOne = Tensor.of(new int[] {-1}, 1);
            ask(directory, options, operator, TensorProto.DataType.INT32_VALUE, least, minusOne);
            Tensor leastLong = Tensor.of(new long[] {Long.MIN_VALUE}, 1);
            ask(
                    directory,
                    options,
                    operator,
                    TensorProto.DataType.INT64_VALUE,
                    leastLong,
                    Tensor.of(new long[] {-1}, 1));
        }
        System.out.println("survived=4");
    }

    private static void ask(Path directory, OnnxOptions options, String operator, int type, Tensor a, Tensor b)
            throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("a", type, 1))
                .addInput(TestModels.tensor("b", type, 1))
                .addNode(TestModels.node(operator, "y", "a", "b"))
                .addOutput(TestModels.tensor("y", type, 1));
        String name = operator + type;
        try (Kitchen kitchen = Kitchen.builder()
                .models(TestModels.write(directory, name, TestModels.model(graph.build())))
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint(name);
            System.out.println("answered "
                    + endpoint.predict(Map.of("a", b, "b", b)).tensor("y").longAt(0));
            endpoint.predict(Map.of("a", a, "b", b));
            System.out.println("divided");
        } catch (InvalidRequestException e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
