package dev.kitchen.onnx.official;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.kitchen.onnx.run.OnnxSignature;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the official API says of a model's inputs and outputs. */
final class OfficialSignature {

    private static final Logger LOGGER = LoggerFactory.getLogger(OfficialSignature.class);

    private OfficialSignature() {}

    static ModelSignature of(OrtSession session, OnnxFile file) {
        return OnnxSignature.of(
                file,
                specs(session.getInputNames(), session::getInputInfo),
                specs(session.getOutputNames(), session::getOutputInfo));
    }

    private interface Question {
        Map<String, NodeInfo> ask() throws OrtException;
    }

    private static Map<String, Optional<ValueSpec>> specs(Set<String> names, Question question) {
        Map<String, NodeInfo> known = ask(question);
        Map<String, Optional<ValueSpec>> specs = new LinkedHashMap<>();
        for (String name : names) {
            specs.put(name, Optional.ofNullable(known.get(name)).flatMap(it -> spec(name, it)));
        }
        return specs;
    }

    /** The API describes all of them or, where one is an optional, none. */
    private static Map<String, NodeInfo> ask(Question question) {
        try {
            return question.ask();
        } catch (OrtException e) {
            LOGGER.debug("the official API cannot describe this model, its file has to", e);
            return Map.of();
        }
    }

    private static Optional<ValueSpec> spec(String name, NodeInfo node) {
        return node.getInfo() instanceof TensorInfo tensor
                ? OfficialTypes.of(tensor.onnxType)
                        .map(it ->
                                new TensorSpec(name, it, shape(tensor.getShape()), List.of(tensor.getDimensionNames())))
                : Optional.empty();
    }

    private static Shape shape(long[] dimensions) {
        return Shape.of(
                Arrays.stream(dimensions).map(it -> Math.max(it, Shape.DYNAMIC)).toArray());
    }
}
