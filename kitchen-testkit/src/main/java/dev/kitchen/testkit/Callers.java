package dev.kitchen.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/** Threads that do the same at once. What goes wrong on one of them comes out of {@link #join}. */
public final class Callers {

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch started;

    private Callers(int count) {
        this.started = new CountDownLatch(count);
    }

    /** What one caller does, knowing its number from 0. */
    public interface Work {
        void run(int caller) throws Exception;
    }

    /** What one caller does, saying when it is under way. */
    public interface LongWork {
        void run(int caller, Runnable started) throws Exception;
    }

    /** What one caller finds out. */
    public interface Question<T> {
        T answer(int caller) throws Exception;
    }

    /** Starts so many threads; they are on their way when this returns. */
    public static Callers start(int count, LongWork work) {
        return start(count, Thread::new, work);
    }

    /** As {@link #start(int, LongWork)}, on threads of another kind. */
    public static Callers start(int count, ThreadFactory kind, LongWork work) {
        Callers callers = new Callers(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = kind.newThread(() -> callers.call(number, work));
            thread.setName("caller-" + number);
            thread.setDaemon(true);
            callers.threads.add(thread);
        }
        callers.threads.forEach(Thread::start);
        return callers;
    }

    /** Runs the work on so many threads at once, and waits for them. */
    public static void run(int count, Work work) throws InterruptedException {
        start(count, (caller, started) -> {
                    started.run();
                    work.run(caller);
                })
                .join();
    }

    /** Asks so many threads at once; returns their answers by their numbers. */
    public static <T> List<T> results(int count, Question<T> question) throws InterruptedException {
        List<T> results = new ArrayList<>(Collections.nCopies(count, null));
        run(count, caller -> results.set(caller, question.answer(caller)));
        return results;
    }

    private void call(int number, LongWork work) {
        AtomicBoolean counted = new AtomicBoolean();
        Runnable countOnce = () -> {
            if (counted.compareAndSet(false, true)) {
                started.countDown();
            }
        };
        try {
            work.run(number, countOnce);
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            countOnce.run();
        }
    }

    /** Waits until every thread said that it is under way, or ended. */
    public void awaitStarted() throws InterruptedException {
        started.await();
    }

    /**
     * Waits until all threads have ended.
     *
     * @throws AssertionError if one of them failed
     */
    public void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            AssertionError error =
                    new AssertionError(failures.size() + " callers failed: " + failures.get(0), failures.get(0));
            failures.stream().skip(1).forEach(error::addSuppressed);
            throw error;
        }
    }
}
