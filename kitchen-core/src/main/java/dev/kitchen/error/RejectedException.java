package dev.kitchen.error;

/** Kitchen refused to start the call, to protect the calls already running. No stack trace. HTTP 503. */
public final class RejectedException extends KitchenException {

    private static final long serialVersionUID = 1L;

    /** Why a call was refused. */
    public enum Reason {
        /** The queue of waiting calls is full. */
        QUEUE_FULL,
        /** The call's time would be over before its turn came. */
        DEADLINE_UNREACHABLE,
        /** The model failed too often of late. */
        CIRCUIT_OPEN
    }

    private final Reason reason;

    public RejectedException(Reason reason, String message) {
        super(message, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
