package dev.kitchen.spi;

/**
 * Tells a run of a session when to stop: its deadline passed, its caller cancelled it, or the kitchen closes. The thread
 * that runs registers what stops the run, and takes that back at the end:
 *
 * <pre>{@code
 * context.onStop(runOptions::terminate);
 * try {
 *     session.run(runOptions);
 * } finally {
 *     context.clearOnStop();   // terminate is not running any more, and will not run
 * }
 * }</pre>
 *
 * <p>For the thread that runs; what is registered is called by any thread.
 */
public interface RunContext {

    /** Returns whether the run is stopped after some time; a run without a time limit may need one of the backend's own. */
    boolean hasDeadline();

    /** Returns whether the run is to stop, or has been stopped. */
    boolean isStopped();

    /**
     * Registers what stops the run. Calls it at once if the run is to stop already.
     *
     * @param stop quick, does not block; called at most once, by any thread; what it throws is logged
     * @throws IllegalStateException if something is registered
     */
    void onStop(Runnable stop);

    /** Takes back what was registered. When this returns, it is not running and will not run. */
    void clearOnStop();

    /** Stops the run because the thread that runs it was interrupted: its call ends as cancelled by its caller. */
    void cancel();

    /** Returns a context of a run that nothing stops, such as one that belongs to loading a model. */
    static RunContext unstoppable() {
        return UnstoppableRun.INSTANCE;
    }
}
