package dev.kitchen.spi;

/**
 * What a backend knows from a model's structure about its rows: whether each row of the outputs depends on nothing but
 * the same row of the inputs.
 *
 * @param kind what is known
 * @param reason which part of the model decides it, for people; empty for {@link Kind#INDEPENDENT}
 */
public record RowDependence(Kind kind, String reason) {

    /** The possible results of looking at a model's rows. */
    public enum Kind {
        /**
         * Whatever the inputs hold: row i of each output is computed from row i of the inputs alone, there are as many
         * rows of each output as of the inputs, and their number changes no row.
         */
        INDEPENDENT,
        /** A row of an output depends on other rows, on the number of rows, or the number of rows depends on values. */
        MIXES,
        /** The structure was not analysed, or is not understood. */
        UNKNOWN
    }

    /** Rows that do not depend on one another. */
    public static RowDependence independent() {
        return new RowDependence(Kind.INDEPENDENT, "");
    }

    /**
     * Rows that depend on one another.
     *
     * @param reason a clause that names the part of the model, such as "node 'm' (ReduceMean) reduces the first axis"
     */
    public static RowDependence mixes(String reason) {
        return new RowDependence(Kind.MIXES, reason);
    }

    /**
     * Rows of which nothing is known.
     *
     * @param reason a clause that says why
     */
    public static RowDependence unknown(String reason) {
        return new RowDependence(Kind.UNKNOWN, reason);
    }
}
