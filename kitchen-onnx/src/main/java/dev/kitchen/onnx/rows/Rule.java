package dev.kitchen.onnx.rows;

import java.util.List;

/** What one operator makes of rows. */
@FunctionalInterface
interface Rule {

    /**
     * Returns what is known of the node's outputs; of outputs beyond the list, nothing is.
     *
     * @param step whose inputs are neither mixed nor unknown
     * @throws RowsException if the outputs are mixed or unknown
     */
    List<RowValue> apply(Step step);
}
