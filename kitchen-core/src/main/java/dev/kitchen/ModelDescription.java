package dev.kitchen;

import dev.kitchen.codec.Quantization;
import dev.kitchen.error.MessageText;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is known of a version, in lines for people. */
final class ModelDescription {

    private static final int LENGTH = 300;

    private ModelDescription() {}

    static String of(ServedVersion model) {
        ModelMetadata metadata = model.metadata();
        ModelSignature signature = model.signature();
        List<String> lines = new ArrayList<>();
        lines.add(model.place() + ", " + metadata.backend());
        signature.inputs().forEach(it -> lines.add("in   " + described(it, metadata)));
        signature.defaultedInputs().forEach(it -> lines.add("in?  " + described(it, metadata)));
        signature.outputs().forEach(it -> lines.add("out  " + described(it, metadata)));
        facts(metadata).forEach((name, text) -> lines.add(shown(name) + ": " + shown(text)));
        return String.join("\n", lines);
    }

    private static String described(ValueSpec spec, ModelMetadata metadata) {
        return shown(spec.toString())
                + Quantization.of(metadata.custom(), spec.name())
                        .map(it -> ", " + it.scale() + " * (integer " + (it.zeroPoint() < 0 ? "+ " : "- ")
                                + Math.abs((long) it.zeroPoint()) + ")")
                        .orElse("");
    }

    /** What the file's producer says, and what the backend found out; of files within it only how long they are. */
    private static Map<String, String> facts(ModelMetadata metadata) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("description", metadata.description());
        facts.put("producer", metadata.producer());
        String prefix = metadata.backend() + ".";
        metadata.custom().forEach((key, text) -> {
            if (key.startsWith(prefix)) {
                String name = key.substring(prefix.length());
                facts.put(name, name.startsWith("file.") ? text.lines().count() + " lines" : text);
            }
        });
        facts.values().removeIf(String::isBlank);
        return facts;
    }

    private static String shown(String text) {
        return MessageText.of(text, LENGTH);
    }
}
