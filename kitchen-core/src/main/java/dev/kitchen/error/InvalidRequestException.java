package dev.kitchen.error;

/** The caller sent something the model cannot take: a wrong name, type, shape or value. HTTP 400. */
public final class InvalidRequestException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        super(message, null);
    }

    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
