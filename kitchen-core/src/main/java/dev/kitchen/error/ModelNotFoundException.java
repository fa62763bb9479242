package dev.kitchen.error;

/** No model, version or alias of that name is being served. HTTP 404. */
public final class ModelNotFoundException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public ModelNotFoundException(String message) {
        super(message, null);
    }

    public ModelNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
