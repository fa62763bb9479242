package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Asks models of one operator for what ends the process of ONNX Runtime, in a JVM of its own, and prints what comes of
 * it. Each model first answers a good request. Arguments: the API, and a directory to write to.
 */
final class DangerousRequestRun {

    /** A model, and shapes of its first input that end the process, or a shape and its values. */
    private record Danger(String seed, List<String> inputs) {

        Danger(String seed, String... inputs) {
            this(seed, List.of(inputs));
        }
    }

    private static final List<Danger> DANGERS = List.of(
            new Danger("TopK@11 float[3,4] int64[1]=2 -> float int64 | axis=i1", "float[0,3]"),
            new Danger("ConvTranspose@11 float[1,1,5] float[1,2,3] -> float", "float[1,1,0]"),
            new Danger(
                    "GRU@14 float[3,2,3] float[1,12,3] float[1,12,4] -> float | hidden_size=i4",
                    "float[0,2,3]",
                    "float[3,0,3]",
                    "float[3]"),
            new Danger(
                    "LSTM@14 float[3,2,3] float[1,16,3] float[1,16,4] -> float | hidden_size=i4",
                    "float[0,2,3]",
                    "float[3,0,3]",
                    "float[]"),
            new Danger(
                    "RNN@14 float[3,2,3] float[1,4,3] float[1,4,4] -> float | hidden_size=i4",
                    "float[0,2,3]",
                    "float[3,0,3]"),
            new Danger("GridSample@16 float[1,1,4,4] float[1,3,3,2] -> float", "float[1,1,0,4]", "float[1,4]"),
            new Danger("LpNormalization@1 float[2,3] -> float | axis=i1 p=i2", "float[2,0]", "float[0,0]"),
            new Danger("Unique@11 float[3,4] -> float | axis=i0", "float[0,4]", "float[3,0]"),
            new Danger(
                    "QuantizeLinear@21 float[4,6] float[4,2] int8[4,2] -> int8 | axis=i1 block_size=i3", "float[4,0]"),
            new Danger(
                    "Attention@23 float[2,3,8] float[2,5,8] float[2,5,8] -> float | q_num_heads=i2 kv_num_heads=i2",
                    "float[8]",
                    "float[]"),
            new Danger("AveragePool@11 float[1,2,6] -> float | kernel_shape=I3", "float[6]", "float[]"),
            new Danger("MaxPool@12 float[1,2,6] -> float | kernel_shape=I2", "float[6]", "float[]"),
            new Danger("LpPool@18 float[1,2,6] -> float | kernel_shape=I2", "float[6]", "float[]"),
            new Danger(
                    "QLinearConv@10 uint8[1,1,5,5] float[]=0.1 uint8[]=1 uint8[1,1,3,3] float[]=0.1 uint8[]=1"
                            + " float[]=0.1 uint8[]=1 -> uint8",
                    "uint8[]"),
            new Danger("Einsum@12 float[2,3,4] float[2,4,5] -> float | equation=sbij,bjk->bik", "float[2]", "float[]"),
            new Danger("Multinomial@7 float[1,4] -> int32 | sample_size=i3 seed=f1.0", "float[4]", "float[0]"),
            new Danger("GatherND@13 float[2,3,4] int64[2,1,1] -> float | batch_dims=i1", "float[2]"),
            new Danger("com.microsoft:FastGelu@1 float[2,3,4] float[4] -> float", "float[2,3,0]"),
            new Danger(
                    "com.microsoft:SkipLayerNormalization@1 float[2,3,4] float[2,3,4] float[4] float[4] -> float",
                    "float[]"),
            new Danger("com.microsoft:Inverse@1 float[2,3,3] -> float", "float[2,1]", "float[0,3]"),
            new Danger("Div@14 int64[4]=8:9:7:6 int64[]=-1 -> int64", "int64[1]=-9223372036854775808"),
            new Danger("Mod@13 int64[4]=8:9:7:6 int64[]=-1 -> int64", "int64[1]=-9223372036854775808"),
            new Danger("Div@14 int32[4]=8:9:7:6 int32[]=-1 -> int32", "int32[1]=-2147483648"),
            new Danger("Mod@13 int32[4]=8:9:7:6 int32[]=-1 -> int32 | fmod=i0", "int32[1]=-2147483648"),
            new Danger("Div@14 int64[2]=8:9 int64[2]=-1:2 -> int64", "int64[2]=-9223372036854775808:1"),
            new Danger("Mod@13 int32[2,1]=8:9 int32[3]=5:-1:7 -> int32", "int32[2,1]=3:-2147483648"),
            new Danger("DFT@17 float[1,8,1] -> float | axis=i1", "float[1,0,1]", "float[0,8,1]", "float[]"),
            new Danger("ai.onnx.ml:Normalizer@1 float[3,4] -> float | norm=sL2", "float[]"),
            new Danger(
                    "ai.onnx.ml:TreeEnsembleRegressor@1 float[3,4] -> float | n_targets=i1 nodes_treeids=I0:0:0"
                            + " nodes_nodeids=I0:1:2 nodes_featureids=I0:0:0 nodes_values=F0.5:0:0"
                            + " nodes_modes=SBRANCH_LEQ:LEAF:LEAF nodes_truenodeids=I1:0:0 nodes_falsenodeids=I2:0:0"
                            + " target_treeids=I0:0 target_nodeids=I1:2 target_ids=I0:0 target_weights=F1:2",
                    "float[3,0]",
                    "float[0]",
                    "float[]"),
            new Danger("ConstantOfShape@9 int64[2]=2:3 -> float", "int64[1]=200000000"),
            new Danger("Range@11 int64[]=1 int64[]=9 int64[]=1 -> int64", "int64[]=-9000000000000"),
            new Danger("HannWindow@17 int64[]=8 -> float", "int64[]=2147483647"));

    private final String api;
    private final Path directory;

    private DangerousRequestRun(String api, Path directory) {
        this.api = api;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        DangerousRequestRun run = new DangerousRequestRun(arguments[0], Path.of(arguments[1]));
        for (int i = 0; i < DANGERS.size(); i++) {
            run.ask(i, DANGERS.get(i));
        }
        System.out.println("survived=" + DANGERS.size());
    }

    private void ask(int number, Danger danger) throws IOException {
        OperatorSeed seed = OperatorSeed.parse(danger.seed());
        Path file = TestModels.write(directory, "danger" + number, model(seed));
        OnnxOptions options = OnnxOptions.builder()
                .intraOpThreads(1)
                .api(OnnxOptions.Api.valueOf(api))
                .build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            report(
                    kitchen,
                    "danger" + number,
                    danger.seed(),
                    "good",
                    tensor(seed.nodes().get(0).inputs().get(0)));
            for (String input : danger.inputs()) {
                OperatorSeed asked = OperatorSeed.parse("Identity@13 " + input + " -> float");
                report(
                        kitchen,
                        "danger" + number,
                        danger.seed(),
                        input,
                        tensor(asked.nodes().get(0).inputs().get(0)));
            }
        }
    }

    private static void report(Kitchen kitchen, String endpoint, String seed, String what, Tensor input) {
        System.out.println("asking " + what + " of " + seed);
        try {
            kitchen.endpoint(endpoint).predict("x0", input);
            System.out.println("answered " + what);
        } catch (InvalidRequestException e) {
            System.out.println("refused " + what);
        } catch (KitchenException e) {
            System.out.println("failed " + what + ": " + e);
        }
    }

    static Tensor tensor(OperatorSeed.Input input) {
        long[] shape = input.dimensions().stream().mapToLong(Long::longValue).toArray();
        return TrialTensors.of(input.type(), shape, input.values(), new SplittableRandom(1));
    }

    /**
     * The first input comes with the request and its rank is not declared, unless it is a scalar, which Kitchen takes only
     * where the model declares it; the others are constants.
     */
    static ModelProto model(OperatorSeed seed) {
        OperatorSeed.Node node = seed.nodes().get(0);
        GraphProto.Builder graph = GraphProto.newBuilder().setName("danger");
        NodeProto.Builder proto = NodeProto.newBuilder()
                .setName("node")
                .setOpType(node.operator())
                .setDomain(node.domain())
                .addAllAttribute(seed.attributes());
        for (int i = 0; i < node.inputs().size(); i++) {
            proto.addInput("x" + i);
            if (i == 0) {
                OperatorSeed.Input input = node.inputs().get(0);
                graph.addInput(
                        input.dimensions().isEmpty()
                                ? TestModels.tensor("x0", input.type())
                                : undeclared("x0", input.type()));
            } else {
                graph.addInitializer(
                        TrialTensors.proto("x" + i, tensor(node.inputs().get(i))));
            }
        }
        for (int i = 0; i < seed.outputs().size(); i++) {
            proto.addOutput("y" + i);
            graph.addOutput(undeclared("y" + i, seed.outputs().get(i)));
        }
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10).setGraph(graph.addNode(proto));
        for (String domain : Arrays.asList("", "com.microsoft", "ai.onnx.ml")) {
            model.addOpsetImport(OperatorSetIdProto.newBuilder()
                    .setDomain(domain)
                    .setVersion(domain.equals(node.domain()) ? node.opset() : domain.isEmpty() ? 17 : 1));
        }
        return model.build();
    }

    static ValueInfoProto undeclared(String name, int type) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type)))
                .build();
    }
}
