package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.spi.RowDependence;
import org.jspecify.annotations.Nullable;

/** What the structure of a model says about its rows, found out when it is asked first. Safe for use by many threads. */
public final class ModelRows {

    private @Nullable ModelGraph graph;
    private RowDependence dependence = RowDependence.unknown("the graph was not looked at");

    public ModelRows(ModelGraph graph) {
        this.graph = graph;
    }

    /** Returns what {@link RowAnalysis} finds. */
    public synchronized RowDependence dependence() {
        if (graph != null) {
            dependence = RowAnalysis.of(graph);
            graph = null;
        }
        return dependence;
    }
}
