package dev.kitchen;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.serving.ServedModel;
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
import java.util.function.Supplier;

/**
 * The threads that load models, so that no caller's does: several while the kitchen opens, one from then on, as loading
 * takes CPU away from those who answer.
 */
final class VersionLoader {

    private final Map<Object, CompletableFuture<ServedModel>> underWay = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    VersionLoader() {
        int atOpening = Math.max(1, Runtime.getRuntime().availableProcessors());
        this.threads = new ThreadPoolExecutor(
                atOpening,
                atOpening,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new OwnThreads().named("kitchen-loader-"));
        threads.allowCoreThreadTimeOut(true);
    }

    /** The kitchen is open: from now on one at a time. */
    void oneAtATime() {
        threads.setCorePoolSize(1);
        threads.setMaximumPoolSize(1);
    }

    /**
     * Loads something soon, unless that is under way already.
     *
     * @param key equal for what is the same
     */
    CompletableFuture<ServedModel> load(Object key, Supplier<ServedModel> loading) {
        CompletableFuture<ServedModel> fresh = new CompletableFuture<>();
        CompletableFuture<ServedModel> present = underWay.putIfAbsent(key, fresh);
        if (present != null) {
            return present;
        }
        run(() -> {
            try {
                fresh.complete(loading.get());
            } catch (RuntimeException | Error e) {
                fresh.completeExceptionally(e);
            } finally {
                underWay.remove(key);
            }
        });
        return fresh;
    }

    /** Does something on a loading thread. */
    <T> CompletableFuture<T> call(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        run(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void run(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            underWay.clear();
            throw new NotReadyException("kitchen is closed", e);
        }
    }

    /** What came of it; throws what it threw. */
    static <T> T await(Future<T> future) {
        return await(future, "", new CallContext(0, CallContext.NO_DEADLINE), 0);
    }

    /**
     * What came of it, for a call that has no more time than it has.
     *
     * @param place the call's, for messages
     * @param now in ticker time
     */
    static <T> T await(Future<T> future, String place, CallContext context, long now) {
        try {
            return context.hasDeadline()
                    ? future.get(Math.max(0, context.deadlineNanos() - now), TimeUnit.NANOSECONDS)
                    : future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KitchenException known) {
                throw known;
            }
            throw new IllegalStateException("loading failed", e.getCause());
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
        threads.shutdown();
    }

    /** Waits for what is under way. */
    boolean awaitEnd(long nanos) {
        try {
            return threads.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
