package dev.kitchen.onnx.run;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.onnx.scan.OnnxValue;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds a model's signature. Tensors are described by ONNX Runtime, which has inferred their shapes. All other values, and
 * tensors of which ONNX Runtime cannot tell an unknown rank from rank 0, are described by the file. The signature is the
 * same through both APIs.
 */
public final class OnnxSignature {

    private OnnxSignature() {}

    /**
     * A signature.
     *
     * @param inputs what ONNX Runtime calls inputs, with a type where it is a tensor; defaults are not among them
     * @param outputs the same of the outputs
     */
    public static ModelSignature of(
            OnnxFile file, Map<String, Optional<ValueSpec>> inputs, Map<String, Optional<ValueSpec>> outputs) {
        List<ValueSpec> required = new ArrayList<>();
        List<ValueSpec> defaulted = new ArrayList<>();
        for (OnnxValue input : file.inputs()) {
            if (inputs.containsKey(input.name())) {
                required.add(spec(file, input, inputs));
            } else if (file.overridableInitializers().contains(input.name())) {
                defaulted.add(spec(file, input, Map.of()));
            }
        }
        List<ValueSpec> returned = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (OnnxValue output : file.outputs()) {
            // A file may name an output twice, and ONNX Runtime loads it. It is one output, as it has one value.
            if (named.add(output.name())) {
                returned.add(spec(file, output, outputs));
            }
        }
        return new ModelSignature(required, defaulted, returned);
    }

    private static ValueSpec spec(OnnxFile file, OnnxValue value, Map<String, Optional<ValueSpec>> known) {
        return known.getOrDefault(value.name(), Optional.empty())
                .filter(it -> value.isRankKnown() || !isScalar(it))
                .or(value::spec)
                .orElseThrow(() -> new ModelLoadException("model file " + file.path() + ": '" + value.name()
                        + "' is of a type that Kitchen does not know, expected a tensor, sequence, map or optional of "
                        + Arrays.toString(DataType.values())));
    }

    private static boolean isScalar(ValueSpec spec) {
        return spec instanceof TensorSpec tensor && tensor.shape().rank() == 0;
    }
}
