package dev.kitchen.models;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.OwnedThreads;
import dev.kitchen.serving.ServedVersion;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The threads that load models, so that no caller's does: several while the kitchen opens, one from then on, as loading
 * takes CPU away from those who answer.
 */
public final class VersionLoader {

    private final Map<Object, CompletableFuture<ServedVersion>> loads = new ConcurrentHashMap<>();
    /** Ends whoever waits for work that has not ended, by the work. */
    private final Map<Object, Runnable> underWay = new ConcurrentHashMap<>();

    private final OwnedThreads threads = new OwnedThreads();
    private final ThreadPoolExecutor executor;

    VersionLoader() {
        int atOpening = Math.max(1, Runtime.getRuntime().availableProcessors());
        this.executor = new ThreadPoolExecutor(
                atOpening,
                atOpening,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                threads.named("kitchen-loader-"));
        executor.allowCoreThreadTimeOut(true);
    }

    /** The kitchen is open: from now on one at a time. */
    void oneAtATime() {
        executor.setCorePoolSize(1);
        executor.setMaximumPoolSize(1);
    }

    /**
     * Loads something soon, unless that is under way already.
     *
     * @param key equal for what is the same
     * @throws NotReadyException if the kitchen is closed, or no thread can be had
     */
    CompletableFuture<ServedVersion> load(Object key, Supplier<ServedVersion> loading) {
        CompletableFuture<ServedVersion> fresh = new CompletableFuture<>();
        CompletableFuture<ServedVersion> present = loads.putIfAbsent(key, fresh);
        if (present != null) {
            return present;
        }
        run(fresh, loading, () -> loads.remove(key, fresh), model -> {});
        return fresh;
    }

    /**
     * Does something on a loading thread.
     *
     * @param unwanted gets the result if nobody waits for it any more
     */
    public <T> CompletableFuture<T> call(Supplier<T> work, Consumer<T> unwanted) {
        CompletableFuture<T> result = new CompletableFuture<>();
        run(result, work, () -> {}, unwanted);
        return result;
    }

    /** Whatever happens the future ends, after what is to happen before it does. */
    private <T> void run(CompletableFuture<T> result, Supplier<T> work, Runnable before, Consumer<T> unwanted) {
        Object ticket = new Object();
        underWay.put(ticket, () -> result.completeExceptionally(new NotReadyException("kitchen is closed")));
        try {
            executor.execute(() -> {
                try {
                    T value = work.get();
                    before.run();
                    if (!result.complete(value)) {
                        unwanted.accept(value);
                    }
                } catch (Throwable e) {
                    before.run();
                    result.completeExceptionally(e);
                } finally {
                    underWay.remove(ticket);
                }
            });
        } catch (Throwable e) {
            before.run();
            underWay.remove(ticket);
            NotReadyException failure = e instanceof RejectedExecutionException
                    ? new NotReadyException("kitchen is closed", e)
                    : new NotReadyException("no thread can be had to load a model: " + ForeignCode.describe(e), e);
            result.completeExceptionally(failure);
            throw failure;
        }
    }

    /** What came of it; throws what it threw. */
    public static <T> T await(Future<T> future) {
        return await(future, "models", new CallContext(0, CallContext.NO_DEADLINE), 0);
    }

    /**
     * What came of it, for a call that has no more time than it has.
     *
     * @param place the call's, for messages
     * @param now in ticker time
     */
    public static <T> T await(Future<T> future, String place, CallContext context, long now) {
        try {
            return context.hasDeadline()
                    ? future.get(Math.max(0, context.deadlineNanos() - now), TimeUnit.NANOSECONDS)
                    : future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw ForeignCode.typed("loading failed", cause == null ? e : cause, ModelLoadException::new);
        } catch (TimeoutException e) {
            throw new DeadlineExceededException(place + ": was not loaded within "
                    + (context.deadlineNanos() - context.startNanos()) / 1_000_000.0 + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(place + ": interrupted while it waited for a model to load");
        }
    }

    /** Begins nothing more; does not wait for what is under way. */
    void close() {
        executor.shutdown();
    }

    /** Waits for what is under way, but no longer than that. Nobody waits for what is not done then. */
    void awaitEnd(long nanos) {
        threads.awaitEnd(nanos);
        underWay.values().forEach(Runnable::run);
    }
}
