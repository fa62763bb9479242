package dev.kitchen.error;

/** The model is known but cannot answer now: still loading, failed to load, or closing. HTTP 503. */
public final class NotReadyException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public NotReadyException(String message) {
        super(message, null);
    }

    public NotReadyException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
