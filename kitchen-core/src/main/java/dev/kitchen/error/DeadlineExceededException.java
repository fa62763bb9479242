package dev.kitchen.error;

/** The time limit of a call passed before its answer was there; the native run was stopped. No stack trace. HTTP 504. */
public final class DeadlineExceededException extends KitchenException {

    private static final long serialVersionUID = 1L;

    private final boolean duringRun;

    /** Time passed while the call waited for something. */
    public DeadlineExceededException(String message) {
        this(message, false);
    }

    public DeadlineExceededException(String message, boolean duringRun) {
        super(message, false);
        this.duringRun = duringRun;
    }

    /** Whether the model was running when the time was over; otherwise the call still waited for something. */
    public boolean duringRun() {
        return duringRun;
    }

    /** False: the time of this call is spent. A caller with more time sends a new one. */
    @Override
    public boolean retryable() {
        return false;
    }
}
