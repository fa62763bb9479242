package dev.kitchen;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import dev.kitchen.predict.Prediction;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Runs calls on threads of the kitchen: a bounded number of them, with a bounded queue before them. */
final class AsyncCalls {

    private static final int QUEUE_CAPACITY = 10_000;

    private final ThreadPoolExecutor executor;

    AsyncCalls(int threads) {
        AtomicInteger number = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_CAPACITY), task -> {
                    Thread thread = new Thread(task, "kitchen-async-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a call soon. Cancelling the future, or its time-out, stops the call.
     *
     * @throws RejectedException if the queue is full
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what a cancelled call leads to is nobody's to wait for
    CompletableFuture<Prediction> submit(CallContext context, Supplier<Prediction> call) {
        CompletableFuture<Prediction> future = new CompletableFuture<>();
        Task task = new Task(future, call);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            throw executor.isShutdown()
                    ? new NotReadyException("kitchen is closed", e)
                    : new RejectedException(
                            Reason.QUEUE_FULL,
                            "asynchronous calls: " + QUEUE_CAPACITY + " are waiting already, on "
                                    + executor.getMaximumPoolSize() + " threads");
        }
        future.whenComplete((prediction, failure) -> {
            if (failure instanceof CancellationException || failure instanceof TimeoutException) {
                context.stop(StopReason.CANCELLED);
                executor.remove(task);
            }
        });
        return future;
    }

    /** One call and the future that waits for it. */
    private record Task(CompletableFuture<Prediction> future, Supplier<Prediction> call) implements Runnable {

        @Override
        public void run() {
            if (future.isDone()) {
                return;
            }
            try {
                future.complete(call.get());
            } catch (RuntimeException | Error e) {
                future.completeExceptionally(e);
            }
        }
    }

    /** Lets no more calls in, and waits for those inside. */
    void drain(long nanos) {
        executor.shutdown();
        try {
            executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Runnable queued : executor.shutdownNow()) {
            ((Task) queued).future.completeExceptionally(new NotReadyException("kitchen is closed"));
        }
    }
}
