package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import dev.kitchen.spi.ModelMetadata;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a file says of itself, in Kitchen's words. */
final class Description {

    private static final int MAX_TEXT = 10_000;

    private Description() {}

    static ModelMetadata of(TfliteFile file, ModelPlan plan, TfliteOptions options) {
        Map<String, String> custom = new LinkedHashMap<>();
        custom.put("tflite.signature", plan.signatureKey());
        custom.put(
                "tflite.signatures",
                file.signatures().stream().map(SignatureInfo::key).collect(Collectors.joining(",")));
        custom.put(
                "tflite.operators",
                ModelReader.operatorCounts(file.graphs()).entrySet().stream()
                        .map(it -> it.getKey() + " x" + it.getValue())
                        .collect(Collectors.joining(", ")));
        custom.put("tflite.delegate", options.xnnpack() ? "XNNPACK" : "none");
        custom.put("tflite.bytes", Integer.toString(file.content().size()));
        addQuantization(custom, plan.inputs());
        addQuantization(custom, plan.outputs());
        AssociatedFiles.read(file).forEach((name, text) -> custom.put("tflite.file." + name, text));
        FlatVector runtime = file.metadata().get("min_runtime_version");
        if (runtime != null) {
            String text = StandardCharsets.UTF_8.decode(runtime.bytes()).toString();
            custom.put("tflite.min-runtime", MessageText.of(text.replace("\0", ""), 20));
        }
        return new ModelMetadata(
                TfliteBackend.NAME, "", "", "", MessageText.of(file.description(), MAX_TEXT), 0, custom);
    }

    private static void addQuantization(Map<String, String> custom, List<Port> ports) {
        for (Port port : ports) {
            QuantizationInfo quantization = port.quantization();
            if (port.type().isQuantizable()
                    && quantization.isPerTensor()
                    && quantization.scales().get(0) > 0) {
                custom.put(
                        "kitchen.quantization." + port.name(),
                        quantization.scales().get(0) + " "
                                + quantization.zeroPoints().get(0));
            }
        }
    }
}
