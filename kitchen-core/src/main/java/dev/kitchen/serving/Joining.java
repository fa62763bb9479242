package dev.kitchen.serving;

/** Waits for a thread to end, and keeps an interrupt for the caller. */
final class Joining {

    private Joining() {}

    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
