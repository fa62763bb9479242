package dev.kitchen;

/** Threads that a test wants to find waiting. */
final class Threads {

    private Threads() {}

    /** Starts a thread; returns once it waits for something. */
    static void startAndAwaitWaiting(Thread thread) {
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
