package dev.kitchen.runtime;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.ServiceThread;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Frees sessions, one at a time, on a thread of its own: no caller pays for unloading a model, and none frees one while
 * it holds a lock. The thread ends when it is told to and every session handed out has come back; it is started again for
 * one that comes after that.
 */
public final class Reaper {

    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final ServiceThread thread;
    private int outstanding;
    private boolean closing;

    /** A reaper that works once {@link #start started}. */
    public Reaper(String threadName) {
        this.thread = new ServiceThread(threadName, this::freeNext);
    }

    /**
     * Starts the thread.
     *
     * @throws dev.kitchen.error.NotReadyException if it cannot be created
     */
    public void start() {
        thread.start();
    }

    /** Why sessions are not freed; empty if they are. */
    public Optional<String> problem() {
        return thread.problem();
    }

    /** Says that a session exists which will be {@linkplain #free freed} one day. */
    public void expectOne() {
        work.add(() -> outstanding++);
    }

    /** Frees a session soon. */
    public void free(Runnable session) {
        work.add(() -> {
            outstanding--;
            session.run();
        });
        ForeignCode.attempt("starting the reaper again", thread::start);
    }

    private boolean freeNext() throws InterruptedException {
        if (closing && outstanding <= 0 && work.isEmpty()) {
            return false;
        }
        work.take().run();
        return true;
    }

    /** Whether the calling thread is the reaper's. */
    public boolean isCurrent() {
        return thread.isCurrent();
    }

    /** Waits for the thread to end, but no longer than that; returns whether it has. */
    public boolean awaitEnd(long nanos) {
        return thread.awaitEnd(nanos);
    }

    /** Lets the thread end after the last session. Does not wait for that. */
    public void close() {
        work.add(() -> closing = true);
    }
}
