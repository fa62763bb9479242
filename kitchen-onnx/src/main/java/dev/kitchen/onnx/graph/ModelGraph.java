package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All that a model computes: its main graph, and the functions it calls.
 *
 * @param irVersion the version of the file format
 * @param opsets versions of the operators it is written in, by domain; ONNX's own domain is empty
 */
public record ModelGraph(long irVersion, Map<String, Long> opsets, Graph main, List<LocalFunction> functions) {

    /** The first version of the format in which an initializer may also be an input; it is then that input's default. */
    private static final long IR_WITH_OVERRIDABLE_INITIALIZERS = 4;

    public ModelGraph {
        opsets = Map.copyOf(opsets);
        functions = List.copyOf(functions);
    }

    /** Returns whether callers may pass an input that the main graph also has as an initializer. */
    public boolean hasOverridableInitializers() {
        return irVersion >= IR_WITH_OVERRIDABLE_INITIALIZERS;
    }

    /** Returns the main graph with its names. */
    public Scope scope() {
        return Scope.main(this);
    }

    /** Passes every graph with its names: the main graph, each function, and whatever is nested in them. */
    public void forEachScope(Consumer<Scope> visitor) {
        scope().forEach(visitor);
        for (LocalFunction function : functions) {
            Scope.function(function).forEach(visitor);
        }
    }
}
