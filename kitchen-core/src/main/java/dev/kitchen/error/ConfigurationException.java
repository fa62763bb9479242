package dev.kitchen.error;

/** The configuration contradicts itself or this machine. Lists all problems found, not only the first. */
public final class ConfigurationException extends KitchenException {

    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message, null);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
