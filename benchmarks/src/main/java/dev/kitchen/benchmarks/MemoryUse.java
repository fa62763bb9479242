package dev.kitchen.benchmarks;

import dev.kitchen.onnx.OnnxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much memory does a loaded model keep? Every figure is a JVM of its own that loads some copies of a model and asks
 * each once, notes its memory, does so with 50 more and takes the difference. The heap has a fixed size and is in memory from the start, so
 * that what grows is native; what is live on the heap is told apart. Arguments: where to write, JVMs per figure.
 */
final class MemoryUse {

    /** Until what a JVM learns by loading, compiled code above all, is learnt. */
    private static final int FIRST_COPIES = 50;

    private static final int COPIES = 50;

    private MemoryUse() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int jvms = Integer.parseInt(arguments[1]);
        List<String> peers = new ArrayList<>(List.of("kitchen", "officialIdiomatic", "djl"));
        if (Runtime.version().feature() >= 22) {
            peers.add(1, "kitchenJavaRoad");
        }
        try (PrintStream target = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            for (String model : List.of("iris", "mlp", "trees")) {
                for (String peer : peers) {
                    for (int i = 0; i < jvms; i++) {
                        target.println(measured(peer, model));
                    }
                }
            }
        }
    }

    private static String measured(String peer, String model) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loads.class.getName(),
                        peer,
                        model)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(peer + " did not load " + COPIES + " copies of " + model + ": " + output);
        }
        return output;
    }

    /** The JVM that loads. Arguments: peer, model. */
    static final class Loads {

        private final List<AutoCloseable> loaded = new ArrayList<>();

        private Loads() {}

        public static void main(String[] arguments) throws Exception {
            Loads loads = new Loads();
            loads.load(arguments[0], arguments[1], FIRST_COPIES);
            long residentBefore = resident();
            long heapBefore = heap();
            loads.load(arguments[0], arguments[1], COPIES);
            long heap = (heap() - heapBefore) / COPIES;
            System.out.printf(
                    "{\"peer\": \"%s\", \"model\": \"%s\", \"resident\": %d, \"heap\": %d}%n",
                    arguments[0], arguments[1], (resident() - residentBefore) / COPIES, heap);
            for (AutoCloseable it : loads.loaded) {
                it.close();
            }
        }

        private void load(String peer, String name, int copies) throws IOException {
            Model model = Model.of(name);
            switch (peer) {
                case "kitchen" -> kitchen(model, copies, OnnxOptions.Api.AUTO);
                case "kitchenJavaRoad" -> kitchen(model, copies, OnnxOptions.Api.JAVA);
                default -> {
                    for (int i = 0; i < copies; i++) {
                        Peer opened = peer.equals("djl") ? new DjlPeer(model).predictor() : new OfficialPeer(model);
                        loaded.add(opened);
                        opened.predict(model.item());
                    }
                }
            }
        }

        /** One kitchen for all copies, as an application has it. */
        private void kitchen(Model model, int copies, OnnxOptions.Api api) throws IOException {
            Path directory = Files.createTempDirectory("kitchen-memory");
            for (int i = 0; i < copies; i++) {
                Files.copy(model.file(), directory.resolve(model.name() + i + ".onnx"));
            }
            KitchenPeer peer = new KitchenPeer(model, directory, api);
            loaded.add(peer);
            peer.predictEverywhere(model.item());
        }

        /** Live bytes on the heap. */
        private static long heap() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        /** Bytes of the process that are in memory. */
        static long resident() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new IOException("/proc/self/status has no VmRSS");
        }
    }
}
