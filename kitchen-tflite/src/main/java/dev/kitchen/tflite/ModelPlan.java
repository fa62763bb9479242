package dev.kitchen.tflite;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a file is served: one graph, its inputs and outputs by the names callers use, in the graph's order.
 *
 * @param signatureKey the signature that names them; empty where the tensors' own names do
 * @param stateful whether a run leaves something behind that the next one must not see
 */
record ModelPlan(String signatureKey, int graph, List<Port> inputs, List<Port> outputs, boolean stateful) {

    private static final String DEFAULT_SIGNATURE = "serving_default";

    ModelPlan {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static ModelPlan of(TfliteFile file, TfliteOptions options) {
        return new Planner(file, options).plan();
    }

    ModelSignature signature() {
        return ModelSignature.of(
                inputs.stream().map(Port::spec).toList(),
                outputs.stream().map(Port::spec).toList());
    }

    private static final class Planner {

        private final TfliteFile file;
        private final TfliteOptions options;
        private final Optional<SignatureInfo> signature;
        private final GraphInfo graph;

        Planner(TfliteFile file, TfliteOptions options) {
            this.file = file;
            this.options = options;
            this.signature = chosen();
            this.graph = file.graphs().get(signature.map(SignatureInfo::graph).orElse(0));
        }

        private Optional<SignatureInfo> chosen() {
            List<String> keys =
                    file.signatures().stream().map(SignatureInfo::key).toList();
            String wanted = options.signatureKey();
            if (!wanted.isEmpty() && !keys.contains(wanted)) {
                throw new ModelLoadException(
                        "model file " + file.path() + ": has no signature '" + wanted + "', expected one of " + keys);
            }
            String key = wanted.isEmpty() ? DEFAULT_SIGNATURE : wanted;
            Optional<SignatureInfo> named = file.signatures().stream()
                    .filter(it -> it.key().equals(key))
                    .findFirst();
            return named.isPresent() ? named : file.signatures().stream().findFirst();
        }

        ModelPlan plan() {
            List<Port> inputs = ports(graph.inputs(), signature.map(SignatureInfo::inputs), "input");
            boolean resizable =
                    inputs.stream().anyMatch(it -> !it.spec().shape().isStatic());
            boolean overridden = inputs.stream().anyMatch(it -> !it.strict());
            List<Port> outputs = new ArrayList<>();
            for (Port output : ports(graph.outputs(), signature.map(SignatureInfo::outputs), "output")) {
                outputs.add(resizable ? following(output, overridden) : output);
            }
            return new ModelPlan(
                    signature.map(SignatureInfo::key).orElse(""),
                    graph.index(),
                    inputs,
                    outputs,
                    graph.tensors().stream().anyMatch(TensorInfo::variable));
        }

        private List<Port> ports(List<Integer> tensors, Optional<Map<String, Integer>> names, String what) {
            List<Port> ports = new ArrayList<>();
            Set<String> taken = new HashSet<>();
            for (int i = 0; i < tensors.size(); i++) {
                TensorInfo tensor = graph.tensor(tensors.get(i));
                String name = names.flatMap(it -> nameOf(it, tensor)).orElse(tensor.name());
                if (name.isEmpty() || !taken.add(name)) {
                    name = what + "_" + i;
                    taken.add(name);
                }
                ports.add(port(name, tensor, what));
            }
            return ports;
        }

        private static Optional<String> nameOf(Map<String, Integer> names, TensorInfo tensor) {
            return names.entrySet().stream()
                    .filter(it -> it.getValue() == tensor.index())
                    .map(Map.Entry::getKey)
                    .sorted()
                    .findFirst();
        }

        private Port port(String name, TensorInfo tensor, String what) {
            DataType type = tensor.type()
                    .dataType()
                    .orElseThrow(() -> new ModelLoadException("model file " + file.path() + ": " + what + " '" + name
                            + "' is of type " + tensor.type() + ", which no tensor of Kitchen has"));
            Shape overridden = what.equals("input") ? options.inputShapes().get(name) : null;
            Shape shape = overridden == null ? tensor.declared() : overridden;
            return new Port(
                    spec(name, type, shape), tensor.index(), tensor.type(), tensor.quantization(), overridden == null);
        }

        /** Where inputs are resized, a file that says nothing of an output's shape means the one it has until then. */
        private Port following(Port output, boolean overridden) {
            TensorInfo tensor = graph.tensor(output.tensor());
            if (tensor.hasSignature() && !overridden) {
                return output;
            }
            long[] unknown = new long[tensor.shape().rank()];
            Arrays.fill(unknown, Shape.DYNAMIC);
            Shape shape = overridden ? Shape.UNKNOWN : Shape.of(unknown);
            return new Port(
                    spec(output.name(), output.spec().type(), shape),
                    output.tensor(),
                    output.type(),
                    output.quantization(),
                    true);
        }

        /** A dynamic first dimension is the batch, here as anywhere in Kitchen; files give no names. */
        private static TensorSpec spec(String name, DataType type, Shape shape) {
            List<String> names = new ArrayList<>(Collections.nCopies(shape.rank(), ""));
            if (shape.rank() > 0 && shape.dimension(0) == Shape.DYNAMIC) {
                names.set(0, "batch");
            }
            return new TensorSpec(name, type, shape, names);
        }
    }
}
