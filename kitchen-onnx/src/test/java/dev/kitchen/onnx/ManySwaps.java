package dev.kitchen.onnx;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.predict.Prediction;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Asks ten million times while every so many calls a new version is deployed, loaded and made current, and the oldest one
 * unloaded and deleted. Prints the resident memory in KiB after a tenth and at the end. Arguments: a directory, calls,
 * calls per swap.
 */
final class ManySwaps {

    private ManySwaps() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        long calls = Long.parseLong(arguments[1]);
        long perSwap = Long.parseLong(arguments[2]);
        Path[] models = {TestModels.classifier(directory, "a", 0), TestModels.classifier(directory, "b", 1)};
        Path root = Files.createDirectory(directory.resolve("registry"));
        long before = 0;
        int version = 0;
        try (Kitchen kitchen =
                Kitchen.builder().models(root).watch(Duration.ZERO).open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
            for (long call = 0; call < calls; call++) {
                if (call % perSwap == 0) {
                    swap(kitchen, models[version % 2], ++version);
                }
                Endpoint endpoint = kitchen.endpoint("m");
                Prediction prediction = endpoint.predict("x", x);
                if (Integer.parseInt(prediction.version()) != version) {
                    throw new AssertionError("version " + prediction.version() + " answered, expected " + version);
                }
                if (call == calls / 10) {
                    before = ResidentMemory.kib();
                }
            }
            System.out.printf("swaps=%d%nresident before=%d after=%d%n", version, before, ResidentMemory.kib());
        }
    }

    private static void swap(Kitchen kitchen, Path model, int version) {
        kitchen.registry()
                .deploy(DeployRequest.of("m", model)
                        .version(Integer.toString(version))
                        .activate()
                        .build());
        if (version == 1) {
            kitchen.registry().policy("m", new VersionPolicy.Latest(1));
        }
        if (version > 3) {
            kitchen.registry().delete("m", Integer.toString(version - 3));
        }
    }
}
