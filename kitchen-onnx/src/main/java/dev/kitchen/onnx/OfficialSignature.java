package dev.kitchen.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model's signature: ONNX Runtime's word, which includes the shapes it inferred, and the file's where the official
 * API has none: it cannot tell an unknown rank from rank 0, and knows neither optionals nor inputs with defaults.
 */
final class OfficialSignature {

    private static final Logger LOGGER = LoggerFactory.getLogger(OfficialSignature.class);

    private OfficialSignature() {}

    static ModelSignature of(OrtSession session, OnnxFile file) {
        Map<String, NodeInfo> inputInfo = ask(session::getInputInfo);
        Map<String, NodeInfo> outputInfo = ask(session::getOutputInfo);
        List<ValueSpec> inputs = new ArrayList<>();
        List<ValueSpec> defaulted = new ArrayList<>();
        for (OnnxValue input : file.inputs()) {
            if (session.getInputNames().contains(input.name())) {
                inputs.add(spec(file, input, inputInfo));
            } else if (file.overridableInitializers().contains(input.name())) {
                defaulted.add(spec(file, input, Map.of()));
            }
        }
        List<ValueSpec> outputs = new ArrayList<>();
        for (OnnxValue output : file.outputs()) {
            outputs.add(spec(file, output, outputInfo));
        }
        return new ModelSignature(inputs, defaulted, outputs);
    }

    private interface Question {
        Map<String, NodeInfo> ask() throws OrtException;
    }

    private static Map<String, NodeInfo> ask(Question question) {
        try {
            return question.ask();
        } catch (OrtException e) {
            LOGGER.debug("the official API cannot describe this model, its file has to", e);
            return Map.of();
        }
    }

    private static ValueSpec spec(OnnxFile file, OnnxValue value, Map<String, NodeInfo> known) {
        NodeInfo node = known.get(value.name());
        Optional<ValueSpec> fromRuntime = node == null ? Optional.empty() : spec(value, node.getInfo());
        return fromRuntime
                .or(value::spec)
                .orElseThrow(() -> new ModelLoadException("model file " + file.path() + ": '" + value.name()
                        + "' is of a type that Kitchen does not know, expected a tensor, sequence, map or optional of "
                        + Arrays.toString(DataType.values())));
    }

    private static Optional<ValueSpec> spec(OnnxValue value, @Nullable ValueInfo info) {
        if (info instanceof TensorInfo tensor) {
            boolean rankInDoubt = tensor.isScalar() && !value.isRankKnown();
            return rankInDoubt
                    ? Optional.empty()
                    : OfficialTypes.of(tensor.onnxType)
                            .map(it -> new TensorSpec(
                                    value.name(), it, shape(tensor.getShape()), List.of(tensor.getDimensionNames())));
        }
        if (info instanceof MapInfo map) {
            return mapSpec(value.name(), map);
        }
        // What a sequence's tensors look like, only the file says.
        if (info instanceof SequenceInfo sequence && sequence.isSequenceOfMaps()) {
            return mapSpec("", sequence.mapInfo).map(it -> new SequenceSpec(value.name(), it));
        }
        return Optional.empty();
    }

    private static Shape shape(long[] dimensions) {
        return Shape.of(
                Arrays.stream(dimensions).map(it -> Math.max(it, Shape.DYNAMIC)).toArray());
    }

    private static Optional<ValueSpec> mapSpec(String name, MapInfo map) {
        return OfficialTypes.of(map.keyType)
                .flatMap(key -> OfficialTypes.of(map.valueType).map(value -> new MapSpec(name, key, value)));
    }
}
