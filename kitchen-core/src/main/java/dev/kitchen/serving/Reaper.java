package dev.kitchen.serving;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees sessions, one at a time, on a thread of its own: no caller pays for unloading a model, and none frees one while
 * it holds a lock. Ends when told to and every session handed out has come back.
 */
public final class Reaper implements Runnable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Reaper.class);

    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Thread thread;
    private int outstanding;
    private boolean closing;

    /** A reaper that works once {@link #start started}. */
    public Reaper(String threadName) {
        this.thread = new Thread(this, threadName);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Says that a session exists which will be {@linkplain #free freed} one day. */
    void expectOne() {
        work.add(() -> outstanding++);
    }

    /** Frees a session soon. */
    void free(Runnable session) {
        work.add(() -> {
            outstanding--;
            session.run();
        });
    }

    @Override
    public void run() {
        while (!closing || outstanding > 0) {
            try {
                work.take().run();
            } catch (InterruptedException e) {
                LOGGER.debug("the reaper does not end by interrupt", e);
            } catch (RuntimeException | LinkageError e) {
                LOGGER.error("freeing a model failed", e);
            }
        }
    }

    /** Waits for the thread to end. Only for when it is closed and all sessions are on their way to it. */
    public void awaitEnd() {
        Joining.join(thread);
    }

    /** Lets the thread end after the last session. Does not wait for that. */
    public void close() {
        work.add(() -> closing = true);
    }
}
