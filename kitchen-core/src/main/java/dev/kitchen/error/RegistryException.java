package dev.kitchen.error;

/** The registry document or a version's files are wrong or cannot be read or written. */
public final class RegistryException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public RegistryException(String message) {
        super(message, null);
    }

    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
