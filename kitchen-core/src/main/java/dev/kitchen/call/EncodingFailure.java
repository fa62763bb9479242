package dev.kitchen.call;

/** Carries what encoding a question threw past the handlers of failures of a version. */
final class EncodingFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Throwable thrown;

    EncodingFailure(Throwable thrown) {
        super(null, null, false, false);
        this.thrown = thrown;
    }

    /** Throws what encoding threw. */
    RuntimeException unwrapped() {
        if (thrown instanceof RuntimeException e) {
            return e;
        }
        throw (Error) thrown;
    }
}
