package dev.kitchen.runtime;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.runtime.CallContext.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs calls on threads of the kitchen: a bounded number of them, with a bounded queue before them. */
public final class AsyncCalls {

    private static final Logger LOGGER = LoggerFactory.getLogger(AsyncCalls.class);

    private static final int QUEUE_CAPACITY = 10_000;
    private static final int MOST_TELLERS = 64;

    private final WaitingCalls waiting;
    private final OwnedThreads threads = new OwnedThreads();
    private final ThreadPoolExecutor executor;
    /**
     * Tells those that end without a run: whose time ran out in the queue, or that the closing kitchen refuses. What their
     * callers do then may take long, and holds up neither the watchdog, nor the closing kitchen, nor one another.
     */
    private final WorkerPool tellers = WorkerPool.queueing(MOST_TELLERS, "kitchen-async-expired-");

    AsyncCalls(int count, WaitingCalls waiting) {
        this.waiting = waiting;
        this.executor = executor(count, QUEUE_CAPACITY, threads.named("kitchen-async-"));
    }

    private static ThreadPoolExecutor executor(int threads, int queueCapacity, ThreadFactory factory) {
        var executor = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queueCapacity), factory);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Runs a call soon. Cancelling the future, or its time-out, stops the call.
     *
     * @param place the call's, for a message should its time run out before it begins
     * @param notRun told once, before the future ends, of a call that ends without having begun
     * @throws RejectedException if the queue is full
     */
    public <T> CompletableFuture<T> submit(
            String place, CallContext context, Supplier<T> call, Consumer<KitchenException> notRun) {
        Task<T> task = new Task<>(place, context, call, notRun);
        task.enter();
        try {
            executor.execute(task);
        } catch (Throwable e) {
            KitchenException refusal = refusal(e);
            task.endWithoutRun(refusal);
            throw refusal;
        }
        return task.future;
    }

    private KitchenException refusal(Throwable e) {
        if (!(e instanceof RejectedExecutionException)) {
            return new NotReadyException("asynchronous calls: no thread can be had: " + ForeignCode.describe(e), e);
        }
        return executor.isShutdown()
                ? new NotReadyException("kitchen is closed", e)
                : new RejectedException(
                        Reason.QUEUE_FULL,
                        "asynchronous calls: " + QUEUE_CAPACITY + " are waiting already, on "
                                + executor.getMaximumPoolSize() + " threads");
    }

    /** Runs a call soon if there is room for it; who needs it sees to it that it runs. */
    public void tryExecute(Runnable call) {
        try {
            executor.execute(call);
        } catch (Throwable e) {
            LOGGER.debug("no thread for a call", e);
        }
    }

    /** How many threads there are at most. */
    public int count() {
        return executor.getMaximumPoolSize();
    }

    /** Lets no more calls in, and waits for those inside. */
    public void drain(long nanos) {
        executor.shutdown();
        // Not the executor's own wait: a call's stage may close the kitchen, on a thread that would wait for itself.
        threads.awaitEnd(nanos);
        // Not shutdownNow: an interrupt would end the runs as cancelled, but it is the kitchen that closes.
        List<Runnable> queued = new ArrayList<>();
        executor.getQueue().drainTo(queued);
        for (Runnable call : queued) {
            if (call instanceof Task<?> task) {
                task.refuse();
            }
        }
        tellers.close();
    }

    /** Waits for the threads to end, but no longer than that, and not for the thread that asks. */
    void awaitThreads(long nanos) {
        long end = Nanos.after(System.nanoTime(), nanos);
        threads.awaitEnd(nanos);
        tellers.awaitThreads(Nanos.until(end, System.nanoTime()));
    }

    /** One call and the future that waits for it. */
    private final class Task<T> implements Runnable {

        private final CompletableFuture<T> future = new CompletableFuture<>();
        private final String place;
        private final CallContext context;
        private final Supplier<T> call;
        private final Consumer<KitchenException> notRun;
        /** The thread that sets this flag decides how the call ends: it runs, or it is counted as a call that did not run. */
        private final AtomicBoolean decided = new AtomicBoolean();
        /** It waits no longer once it has entered and its end is decided; a stop may come before it knows its ticket. */
        private final AtomicInteger untilLeave = new AtomicInteger(2);

        private int ticket;

        Task(String place, CallContext context, Supplier<T> call, Consumer<KitchenException> notRun) {
            this.place = place;
            this.context = context;
            this.call = call;
            this.notRun = notRun;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the stage that abandons a call is nobody's to wait for
        void enter() {
            future.whenComplete((prediction, failure) -> {
                if (failure != null || !decided.get()) {
                    abandon();
                }
            });
            ticket = waiting.enter(context, this::stopped);
            leave();
        }

        /** Runs while somebody stops the call, and so must not take it out of those that wait. */
        private void stopped() {
            KitchenException why = context.stoppedException(place);
            try {
                tellers.execute(() -> end(why));
            } catch (Throwable e) {
                // No thread can be had: the one that takes the task out of the queue finds it decided.
                if (decided.compareAndSet(false, true)) {
                    notRun.accept(why);
                    future.completeExceptionally(why);
                }
            }
        }

        /** The future has ended: where the call has not begun it never will, and where it runs it is to stop. */
        private void abandon() {
            context.stop(StopReason.CANCELLED);
            endWithoutRun(context.stoppedException(place));
        }

        /** Counts the call as one that did not run; false if it does, or that was done before. */
        boolean endWithoutRun(KitchenException why) {
            if (!decided.compareAndSet(false, true)) {
                return false;
            }
            executor.remove(this);
            leave();
            notRun.accept(why);
            return true;
        }

        /** A call that runs ends as its run does: a fallback may answer it although its time is over. */
        private void end(KitchenException why) {
            if (endWithoutRun(why)) {
                future.completeExceptionally(why);
            }
        }

        private void leave() {
            if (untilLeave.decrementAndGet() == 0) {
                waiting.leave(ticket, context);
            }
        }

        /** Ends it on a thread on which the future's stages may take their time; here, if none can be had. */
        void refuse() {
            KitchenException why = new NotReadyException("kitchen is closed");
            try {
                tellers.execute(() -> end(why));
            } catch (Throwable e) {
                end(why);
            }
        }

        @Override
        public void run() {
            if (!decided.compareAndSet(false, true)) {
                leave();
                return;
            }
            try {
                leave();
                future.complete(call.get());
            } catch (Throwable e) {
                future.completeExceptionally(ForeignCode.typed(place, e));
            }
        }
    }
}
