package dev.kitchen.error;

/** Nobody waits for the answer any longer; the native run was stopped. No stack trace. */
public final class CancelledException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
        super(message, false);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
