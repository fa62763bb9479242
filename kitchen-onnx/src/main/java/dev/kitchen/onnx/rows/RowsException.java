package dev.kitchen.onnx.rows;

/** Ends the analysis of one node: its outputs are mixed, or nothing is known of them. */
final class RowsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean mixed;

    private RowsException(boolean mixed, String reason) {
        super(reason, null, false, false);
        this.mixed = mixed;
    }

    /** Rows depend on one another, as the node does this: a clause without its subject. */
    static RowsException mixed(String reason) {
        return new RowsException(true, reason);
    }

    /** It is not known whether rows depend on one another, as the node does this: a clause without its subject. */
    static RowsException unknown(String reason) {
        return new RowsException(false, reason);
    }

    RowValue valueOf(String node) {
        String reason = node + " " + getMessage();
        return mixed ? RowValue.mixed(reason) : RowValue.unknown(reason);
    }
}
