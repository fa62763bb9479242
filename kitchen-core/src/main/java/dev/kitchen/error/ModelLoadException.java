package dev.kitchen.error;

/** A model file cannot be loaded: it is missing, damaged, hostile, or uses what the runtime does not have. */
public final class ModelLoadException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public ModelLoadException(String message) {
        super(message, null);
    }

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
