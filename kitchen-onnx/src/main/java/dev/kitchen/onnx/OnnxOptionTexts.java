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
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads {@link OnnxOptions} from texts and reports all problems in one message. */
final class OnnxOptionTexts {

    private static final Map<String, BiConsumer<OnnxOptions.Builder, String>> READERS = Map.ofEntries(
            Map.entry("intra-op-threads", (builder, text) -> builder.intraOpThreads(Integer.parseInt(text))),
            Map.entry("inter-op-threads", (builder, text) -> builder.interOpThreads(Integer.parseInt(text))),
            Map.entry("shared-threads", (builder, text) -> builder.sharedThreads(bool(text))),
            Map.entry("optimization", (builder, text) -> builder.optimization(optimization(text))),
            Map.entry("memory-arena", (builder, text) -> builder.memoryArena(bool(text))),
            Map.entry("execution-providers", (builder, text) -> builder.executionProviders(providers(text))),
            Map.entry("custom-op-libraries", (builder, text) -> builder.customOpLibraries(paths(text))),
            Map.entry("max-model-bytes", (builder, text) -> builder.maxModelBytes(Long.parseLong(text))),
            Map.entry("max-input-elements", (builder, text) -> builder.maxInputElements(Long.parseLong(text))),
            Map.entry("max-output-elements", (builder, text) -> builder.maxOutputElements(Long.parseLong(text))),
            Map.entry("api", (builder, text) -> builder.api(api(text))));

    private OnnxOptionTexts() {}

    static OnnxOptions parse(Map<String, String> texts) {
        OnnxOptions.Builder builder = OnnxOptions.builder();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, String> entry : new TreeMap<>(texts).entrySet()) {
            var reader = READERS.get(entry.getKey());
            if (reader == null) {
                problems.add(
                        "unknown option '" + entry.getKey() + "', expected one of " + new TreeMap<>(READERS).keySet());
                continue;
            }
            try {
                reader.accept(builder, entry.getValue().strip());
            } catch (NumberFormatException e) {
                problems.add("'" + entry.getKey() + "' is '" + entry.getValue() + "', expected a whole number");
            } catch (IllegalArgumentException | ConfigurationException e) {
                problems.add("'" + entry.getKey() + "' is '" + entry.getValue() + "': " + e.getMessage());
            }
        }
        return builder.build(problems);
    }

    private static Optimization optimization(String text) {
        return Arrays.stream(Optimization.values())
                .filter(value -> value.name().equals(text.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected none, basic, extended or all"));
    }

    private static Api api(String text) {
        return Arrays.stream(Api.values())
                .filter(value -> value.name().equals(text.toUpperCase(Locale.ROOT)))
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

    private static Stream<String> split(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).filter(part -> !part.isEmpty());
    }
}
