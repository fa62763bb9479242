package dev.kitchen.base;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs code that is not Kitchen's own: backends, sessions, stop actions, listeners, caches, breakers, fallbacks, codecs,
 * control stores, thread factories. It may throw anything, also what its signature does not declare: checked exceptions
 * (from Kotlin), errors, and errors of the virtual machine such as a stack overflow.
 */
public final class ForeignCode {

    private static final Logger LOGGER = LoggerFactory.getLogger(ForeignCode.class);

    private ForeignCode() {}

    /**
     * Runs something whose failure changes nothing for anybody, and logs what it throws. Never throws.
     *
     * @param what is run, as the subject of a message
     * @return whether it ended normally
     */
    public static boolean attempt(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (Throwable e) {
            logFailure(what, e);
            return false;
        }
    }

    /**
     * As {@link #attempt(String, Runnable)}, but waits no longer than that: what takes longer goes on, on a daemon thread of
     * its own. Where no thread can be had the calling one does it. An interrupt is kept for later.
     *
     * @return whether it has ended
     */
    public static boolean attemptWithin(long nanos, String threadName, String what, Runnable work) {
        Thread thread = new Thread(() -> attempt(what, work), threadName);
        thread.setDaemon(true);
        if (!attempt("starting thread '" + threadName + "'", thread::start)) {
            return attempt(what, work);
        }
        return ServiceThread.awaitEnd(thread, nanos);
    }

    /** Runs something for a value, and logs what it throws. Returns the other value then, or where it is null. */
    public static <T> T attempt(String what, Supplier<? extends T> work, T otherwise) {
        try {
            T value = work.get();
            return value == null ? otherwise : value;
        } catch (Throwable e) {
            logFailure(what, e);
            return otherwise;
        }
    }

    /** Logs a failure that goes no further. Never throws, as a logger and a message are foreign code too. */
    public static void logFailure(String what, Throwable failure) {
        try {
            LOGGER.warn("{} failed: {}", what, describe(failure), failure);
        } catch (Throwable e) {
            // There is nobody left to tell.
        }
    }

    /** Keeps another failure beside one, unless it is the very same object, which some code throws again and again. */
    @SuppressWarnings("ReferenceEquality") // equal ones are both kept
    public static void suppress(Throwable failure, Throwable other) {
        if (failure != other) {
            failure.addSuppressed(other);
        }
    }

    /** Runs something for a value; whatever it throws comes out as a {@link KitchenException}. */
    public static <T> T call(
            String place, Supplier<? extends T> work, BiFunction<String, Throwable, ? extends KitchenException> kind) {
        try {
            return work.get();
        } catch (Throwable e) {
            throw typed(place, e, kind);
        }
    }

    /** Returns what was thrown for a call, if it is typed, or else an {@link InferenceException} with it as its cause. */
    public static KitchenException typed(String place, Throwable thrown) {
        return typed(place, thrown, InferenceException::new);
    }

    /**
     * Returns what was thrown, if it is typed, or else a typed exception with it as its cause. An interrupt that was
     * thrown is set again on the calling thread.
     *
     * @param place where it was thrown, as the beginning of a message
     * @param kind makes an exception of a message and a cause
     */
    public static KitchenException typed(
            String place, Throwable thrown, BiFunction<String, Throwable, ? extends KitchenException> kind) {
        if (thrown instanceof KitchenException known) {
            return known;
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new CancelledException(place + ": interrupted");
        }
        return kind.apply(place + ": " + describe(thrown), thrown);
    }

    /** Returns class and message of a throwable; only its class where its own methods throw. */
    public static String describe(Throwable thrown) {
        try {
            return String.valueOf(thrown);
        } catch (Throwable e) {
            return thrown.getClass().getName();
        }
    }
}
