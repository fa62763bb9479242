package dev.kitchen.error;

/** The model failed while it ran. HTTP 500. */
public final class InferenceException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public InferenceException(String message) {
        super(message, null);
    }

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
