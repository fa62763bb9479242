package dev.kitchen.cli;

import dev.kitchen.json.InferenceJson;
import dev.kitchen.json.JsonOptions;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.ValueSpec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that is known of a model file, as text and as JSON. */
record ModelReport(FileFacts model, ModelMetadata metadata, ModelSignature signature) {

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", model.path());
        json.put("size_bytes", model.sizeBytes());
        json.put("external_files", List.copyOf(model.externalFiles()));
        json.put("backend", metadata.backend());
        json.put("producer", metadata.producer());
        json.put("graph", metadata.graph());
        json.put("domain", metadata.domain());
        json.put("description", metadata.description());
        json.put("model_version", metadata.version());
        json.put("metadata", new TreeMap<>(metadata.custom()));
        json.put("opsets", model.opsets());
        json.put("operators", model.operators());
        json.put("signature", new JsonText.Raw(signatureJson()));
        json.put(
                "optional_inputs",
                signature.defaultedInputs().stream().map(ValueSpec::name).toList());
        return json;
    }

    /** In the words of the Open Inference Protocol. */
    private String signatureJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InferenceJson.of(JsonOptions.defaults()).writeMetadata(name(), List.of(), metadata.backend(), signature, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String name() {
        return String.valueOf(model.path().getFileName()).replaceFirst("\\.[^.]*$", "");
    }

    @Override
    public String toString() {
        List<String> blocks = new ArrayList<>();
        blocks.add(facts().toString());
        blocks.add("signature\n" + indented(Texts.printable(signature.toString())));
        blocks.add("operators, "
                + model.operators().values().stream().mapToLong(Long::longValue).sum()
                + "\n" + indented(operators().toString()));
        return String.join("\n\n", blocks);
    }

    private Table facts() {
        Table table = Table.withoutHeadings()
                .row("file", model.path().toString())
                .row("size", Texts.bytes(model.sizeBytes()));
        for (Path external : model.externalFiles()) {
            table.row("with", external.toString());
        }
        model.opsets().forEach((domain, version) -> table.row("opset", domain + " " + version));
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("backend", metadata.backend());
        texts.put("producer", metadata.producer());
        texts.put("graph", metadata.graph());
        texts.put("domain", metadata.domain());
        texts.put("description", metadata.description());
        texts.put("version", metadata.version() == 0 ? "" : Long.toString(metadata.version()));
        texts.putAll(new TreeMap<>(metadata.custom()));
        texts.forEach((name, text) -> {
            if (!text.isEmpty()) {
                table.row(name, text);
            }
        });
        return table;
    }

    private Table operators() {
        Table table = Table.withoutHeadings();
        model.operators().forEach((name, count) -> table.row(name, Long.toString(count)));
        return table;
    }

    private static String indented(String lines) {
        return lines.indent(2).stripTrailing();
    }
}
