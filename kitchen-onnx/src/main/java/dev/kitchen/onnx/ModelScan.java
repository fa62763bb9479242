package dev.kitchen.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Looks through a whole model, field by field. */
final class ModelScan {

    /** From this version of the format on, an initializer may be an input too, and is then that input's default. */
    private static final long IR_WITH_OVERRIDABLE_INITIALIZERS = 4;

    private final Path path;
    private final ProtoReader reader;
    private final ScanFacts facts;
    private final OperatorCount operators;
    private final GraphScan graph;
    private long irVersion;
    private boolean hasOpset;
    private boolean hasGraph;

    ModelScan(Path path, ProtoReader reader, OperatorCount operators) {
        this.path = path;
        this.reader = reader;
        this.operators = operators;
        this.facts = new ScanFacts(path);
        this.graph = new GraphScan(reader, facts, operators);
    }

    OnnxFile read() throws IOException {
        reader.readFields(this::field);
        if (!hasGraph) {
            throw reader.damaged("has no graph");
        }
        if (!hasOpset) {
            throw reader.refused("does not say which opset it is written in, expected at least one opset_import; export"
                    + " it again");
        }
        return new OnnxFile(
                path, graph.inputs(), graph.outputs(), overridableInitializers(), notComputedOutputs(), facts);
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> irVersion = reader.integer();
            case 7 -> {
                if (hasGraph) {
                    throw reader.damaged("has two graphs");
                }
                hasGraph = true;
                graph.readMainGraph();
            }
            case 8 -> {
                hasOpset = true;
                operators.readOpset(reader);
            }
            case 20 -> graph.readTraining();
            case 25 -> graph.readFunction();
            default -> {}
        }
    }

    private Set<String> overridableInitializers() {
        Set<String> names = new LinkedHashSet<>();
        if (irVersion >= IR_WITH_OVERRIDABLE_INITIALIZERS) {
            graph.inputs().stream()
                    .map(OnnxValue::name)
                    .filter(graph.initializers()::contains)
                    .forEach(names::add);
        }
        return names;
    }

    private Set<String> notComputedOutputs() {
        Set<String> names = new LinkedHashSet<>();
        graph.outputs().forEach(output -> names.add(output.name()));
        Set<String> given = new HashSet<>(graph.initializers());
        graph.inputs().forEach(input -> given.add(input.name()));
        names.retainAll(given);
        return names;
    }
}
