package dev.kitchen.error;

/** The time limit of a call passed before its answer was there; the native run was stopped. No stack trace. HTTP 504. */
public final class DeadlineExceededException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public DeadlineExceededException(String message) {
        super(message, false);
    }

    /** False: the time of this call is spent. A caller with more time sends a new one. */
    @Override
    public boolean retryable() {
        return false;
    }
}
