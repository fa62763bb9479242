package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.onnx.OnnxOptions.Optimization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Reads options from texts, and collects all that is wrong with them. */
final class OnnxOptionTexts {

    private static final Map<String, BiFunction<OnnxOptions, String, OnnxOptions>> READERS = Map.ofEntries(
            Map.entry("intra-op-threads", (options, text) -> options.withIntraOpThreads(Integer.parseInt(text))),
            Map.entry("inter-op-threads", (options, text) -> options.withInterOpThreads(Integer.parseInt(text))),
            Map.entry("shared-threads", (options, text) -> options.withSharedThreads(bool(text))),
            Map.entry("optimization", (options, text) -> options.withOptimization(optimization(text))),
            Map.entry("memory-arena", (options, text) -> options.withMemoryArena(bool(text))),
            Map.entry("execution-providers", (options, text) -> options.withExecutionProviders(providers(text))),
            Map.entry("custom-op-libraries", (options, text) -> options.withCustomOpLibraries(paths(text))),
            Map.entry("max-model-bytes", (options, text) -> options.withMaxModelBytes(Long.parseLong(text))),
            Map.entry("max-input-elements", (options, text) -> options.withMaxInputElements(Long.parseLong(text))),
            Map.entry("max-output-elements", (options, text) -> options.withMaxOutputElements(Long.parseLong(text))),
            Map.entry("api", (options, text) -> options.withApi(api(text))));

    private OnnxOptionTexts() {}

    static OnnxOptions parse(Map<String, String> texts) {
        OnnxOptions options = OnnxOptions.defaults();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> entry : new TreeMap<>(texts).entrySet()) {
            var reader = READERS.get(entry.getKey());
            if (reader == null) {
                problems.add(
                        "unknown option '" + entry.getKey() + "', expected one of " + new TreeMap<>(READERS).keySet());
                continue;
            }
            try {
                options = reader.apply(options, entry.getValue().strip());
            } catch (NumberFormatException e) {
                problems.add("'" + entry.getKey() + "' is '" + entry.getValue() + "', expected a whole number");
            } catch (IllegalArgumentException | ConfigurationException e) {
                problems.add("'" + entry.getKey() + "' is '" + entry.getValue() + "': " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("ONNX options: " + String.join("; ", problems));
        }
        return options;
    }

    private static Optimization optimization(String text) {
        return Arrays.stream(Optimization.values())
                .filter(it -> it.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected none, basic, extended or all"));
    }

    private static Api api(String text) {
        return Arrays.stream(Api.values())
                .filter(it -> it.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected auto, java or c"));
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    private static ExecutionProvider[] providers(String text) {
        return split(text).map(ExecutionProvider::of).toArray(ExecutionProvider[]::new);
    }

    private static Path[] paths(String text) {
        return split(text).map(Path::of).toArray(Path[]::new);
    }

    private static java.util.stream.Stream<String> split(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).filter(it -> !it.isEmpty());
    }
}
