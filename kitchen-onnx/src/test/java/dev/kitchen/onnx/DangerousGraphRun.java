package dev.kitchen.onnx;

import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Asks models of several operators for what ends the process of ONNX Runtime or takes all of its memory, in a JVM of its
 * own, and prints what comes of it. Each model first answers a good request. Arguments: the API, and a directory.
 */
final class DangerousGraphRun {

    private static final String LEAST = "-9223372036854775808";
    private static final String GOOD = "x=int64[1,2]=4:6 i=int64[1,2]=-1:2";
    private static final String BAD = "x=int64[1,2]=" + LEAST + ":" + LEAST + " i=int64[1,2]=-1:-1";

    /** A model, a request that it answers, and one that is refused. */
    private record Danger(String graph, String good, String bad) {}

    private static Danger division(String operator) {
        return new Danger(
                "x:int64[n,k] i:int64[a,b] s=int64[1]=0 e=int64[1]=9 one=int64[2]=1:1; " + operator
                        + " > t; Div t i > y; y:int64",
                GOOD,
                BAD);
    }

    private static final List<Danger> DANGERS = List.of(
            division("Abs x"),
            division("Neg x"),
            division("Slice x s e"),
            division("Gather x s"),
            division("Expand x one"),
            division("Tile x one"),
            division("Concat x > t0 | axis=i0; Identity t0"),
            new Danger(
                    "x:int64[n,k] i:int64[k,n]; Transpose x > t; Mod t i > y; y:int64",
                    "x=int64[1,2]=4:6 i=int64[2,1]=-1:2",
                    "x=int64[1,2]=" + LEAST + ":1 i=int64[2,1]=-1:2"),
            new Danger(
                    "x:int64[n,k] i:int64[n,k]; Neg i > m; Abs x > t; Div t m > y; y:int64",
                    "x=int64[1,1]=4 i=int64[1,1]=1",
                    "x=int64[1,1]=" + LEAST + " i=int64[1,1]=1"),
            new Danger(
                    "x:int32[n] i:int32[m]; Concat x x > t | axis=i0; Mod t i > y; y:int32",
                    "x=int32[1]=5 i=int32[2]=-1:1",
                    "x=int32[1]=-2147483648 i=int32[2]=-1:-1"),
            new Danger(
                    "x:int64[n] c=int64[1]=-1; Abs x > t; Div t c > y; y:int64", "x=int64[1]=5", "x=int64[1]=" + LEAST),
            new Danger("function x:int64[n,k] i:int64[n,k]; Div x i > y; y:int64", GOOD, BAD),
            new Danger("scan x:int64[n,k] i:int64[n,k]; Div x i > y; y:int64[n,k]", GOOD, BAD),
            new Danger(
                    "if x:int64[n,k] i:int64[n,k]; Transpose x > t; Transpose i > u; Div t u > y; y:int64",
                    GOOD + " choice=bool[]=1",
                    BAD + " choice=bool[]=1"),
            new Danger(
                    "x:float[a,b] k:int64[]; Trilu x k > y; y:float",
                    "x=float[3,3] k=int64[]=-4",
                    "x=float[3,3] k=int64[]=" + LEAST),
            new Danger(
                    "x:float[a,b] k:int64[]; com.microsoft:Trilu x k > y | upper=i0; y:float",
                    "x=float[3,3] k=int64[]=1",
                    "x=float[3,3] k=int64[]=-9223372036854775807"),
            new Danger(
                    "x:*float z=int64[]=0 k=int64[1]=2; SequenceAt x z > t; TopK t k > y p | axis=i1; y:float",
                    "x=*float[3,3]",
                    "x=*float[0,3]"),
            new Danger(
                    "x:float[n,4] k=int64[1]=1 a=int64[1]=1; Exp x > e; ReduceSum e a > s | keepdims=i0; TopK s k > y p; y:float",
                    "x=float[2,4]",
                    "x=float[0,4]"),
            new Danger(
                    "x:float[n,2] z:float[m,2] k=int64[1]=1; Concat x z > c | axis=i0; TopK c k > y p | axis=i0; y:float",
                    "x=float[0,2] z=float[2,2]",
                    "x=float[0,2] z=float[0,2]"),
            new Danger(
                    "x:float[n] k=int64[1]=1; Shape x > s; ConstantOfShape s > c; TopK c k > y p; y:float",
                    "x=float[3]",
                    "x=float[0]"),
            new Danger(
                    "ids:int64[b,m] e=float[5,4] a=int64[1]=-2 k=int64[1]=1; Gather e ids > g;"
                            + " ReduceSum g a > s | keepdims=i0; TopK s k > y p; y:float",
                    "ids=int64[2,1]",
                    "ids=int64[2,0]"),
            new Danger("function x:float[n,3] k=int64[1]=1; TopK x k > y p; y:float", "x=float[3,3]", "x=float[0,3]"),
            new Danger(
                    "k:int64[1] f=int64[1]=4; Concat k f > s | axis=i0; ConstantOfShape s > y; y:float",
                    "k=int64[1]=3",
                    "k=int64[1]=100000000"),
            new Danger(
                    "k:int64[] z=int64[]=0 o=int64[]=1; Add k o > e; Range z e o > y; y:int64",
                    "k=int64[]=3",
                    "k=int64[]=9000000000000"),
            new Danger(
                    "k:int64[] a=int64[1]=0 o=int64[1]=1000000; Unsqueeze k a > u; Mul u o > s; ConstantOfShape s > y; y:float",
                    "k=int64[]=1",
                    "k=int64[]=9000"),
            new Danger(
                    "k:int64[3] p=int64[2]=0:2; Gather k p > s; ConstantOfShape s > y; y:float",
                    "k=int64[3]=2:900000000:2",
                    "k=int64[3]=900000000:1:1"),
            new Danger(
                    "k:int64[3] a=int64[1]=1 b=int64[1]=3; Slice k a b > s; ConstantOfShape s > y; y:float",
                    "k=int64[3]=900000000:1:2",
                    "k=int64[3]=1:900000000:1"),
            new Danger(
                    "x:float[n,m] k:int64[2]; Expand x k > y; y:float",
                    "x=float[3,1] k=int64[2]=1:5",
                    "x=float[20000,1] k=int64[2]=1:20000"),
            new Danger(
                    "x:float[n,m] k:int64[2] v=float[]=0 a=int64[1]=1; Pad x k v a > y; y:float",
                    "x=float[3,1] k=int64[2]=1:5",
                    "x=float[20000,1] k=int64[2]=1:20000"));

    private DangerousGraphRun() {}

    public static void main(String[] arguments) throws IOException {
        OnnxOptions options = OnnxOptions.builder()
                .intraOpThreads(1)
                .api(OnnxOptions.Api.valueOf(arguments[0]))
                .build();
        int asked = 0;
        for (Danger danger : DANGERS) {
            boolean takesSequence = danger.graph().startsWith("x:*");
            if (takesSequence
                    && (arguments[0].equals("JAVA") || Runtime.version().feature() < 22)) {
                continue;
            }
            String name = "graph" + asked++;
            Path file = TestModels.write(Path.of(arguments[1]), name, SmallGraph.model(danger.graph(), 18));
            try (Kitchen kitchen = Kitchen.builder()
                    .models(file)
                    .backend(new OnnxBackend(options))
                    .shutdownHook(false)
                    .open()) {
                ask(kitchen, name, "good", danger, danger.good());
                ask(kitchen, name, "bad", danger, danger.bad());
            }
        }
        System.out.println("survived=" + asked);
    }

    private static void ask(Kitchen kitchen, String endpoint, String what, Danger danger, String request) {
        System.out.println("asking " + request + " of " + danger.graph());
        try {
            kitchen.endpoint(endpoint).predict(SmallGraph.request(request));
            System.out.println("answered " + what);
        } catch (InvalidRequestException e) {
            System.out.println("refused " + what + " " + e.getMessage());
        } catch (KitchenException e) {
            System.out.println("failed " + what + ": " + e);
        }
    }
}
