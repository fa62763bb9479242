package dev.kitchen.call;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes from one who can answer to the next until one does. */
final class FallbackChain {

    private static final Logger LOGGER = LoggerFactory.getLogger(FallbackChain.class);

    /** What a function may take whose call has less time left: it is to answer also where time has run out. */
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ServingSlot slot;
    private final Fallback fallback;
    private final Ticker ticker;
    private final KitchenThreads threads;

    FallbackChain(ServingSlot slot, Fallback fallback, Ticker ticker, KitchenThreads threads) {
        this.slot = slot;
        this.fallback = fallback;
        this.ticker = ticker;
        this.threads = threads;
    }

    /** The first answer there is; if there is none, the first failure, with the others suppressed. */
    Prediction predict(CallOptions options, Attempts attempts, CallContext context) {
        try {
            return attempts.predict(options.version(), context);
        } catch (KitchenException e) {
            if (!isCured(e)) {
                throw e;
            }
            Prediction other = otherVersion(attempts, context, e);
            Prediction answer = other == null ? function(options, attempts, context, e) : other;
            return answer.answeredBy(Source.FALLBACK, reason(e));
        }
    }

    private static boolean isCured(KitchenException e) {
        return !(e instanceof InvalidRequestException
                || e instanceof CancelledException
                || e instanceof ModelNotFoundException
                || e instanceof ConfigurationException);
    }

    private static String reason(KitchenException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private @Nullable Prediction otherVersion(Attempts attempts, CallContext context, KitchenException first) {
        if (fallback.version().isEmpty() || context.isStopped()) {
            return null;
        }
        try {
            context.ranFor(0);
            return attempts.predict(fallback.version().get(), context);
        } catch (KitchenException e) {
            first.addSuppressed(e);
            if (e instanceof CancelledException) {
                throw first;
            }
            return null;
        }
    }

    private Prediction function(CallOptions options, Attempts attempts, CallContext context, KitchenException first) {
        Function<PredictionRequest, Map<String, ? extends Value>> function =
                fallback.function().orElseThrow(() -> first);
        PredictionRequest request = attempts.request();
        if (request == null) {
            throw first;
        }
        try {
            NamedValues values = asAskedFor(NamedValues.of(inTime(() -> function.apply(request), context)), request);
            slot.requireOutputs(options.version(), values);
            long nanos = ticker.nanoTime() - context.startNanos();
            return new Prediction(slot.model(), Fallback.FUNCTION, values, nanos);
        } catch (DeadlineExceededException e) {
            e.addSuppressed(first);
            throw e;
        } catch (Throwable e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            first.addSuppressed(cause == null ? e : cause);
            throw first;
        }
    }

    /** The function's answer. Where the call has a time limit another thread runs it, and the caller leaves it in time. */
    private <T> T inTime(Callable<T> function, CallContext context) throws Exception {
        if (!context.hasDeadline()) {
            return function.call();
        }
        Thread caller = Thread.currentThread();
        FutureTask<T> task = new FutureTask<>(function) {
            @Override
            protected void done() {
                LockSupport.unpark(caller);
            }
        };
        try {
            threads.fallbacks().execute(task);
        } catch (Throwable e) {
            LOGGER.debug("no thread for the function of a fallback", e);
            task.run();
        }
        try {
            await(task, context);
        } finally {
            task.cancel(true);
        }
        return task.get();
    }

    private void await(FutureTask<?> task, CallContext context) {
        long now = ticker.nanoTime();
        long limit = Math.max(Nanos.until(context.deadlineNanos(), now), LEAST_NANOS);
        CallContext own = new CallContext(context.startNanos(), Nanos.after(now, limit));
        if (context.isStopped()) {
            threads.waiting().await(own, task::isDone);
        } else {
            threads.waiting().attend(context, () -> stopWith(context, own), () -> {
                threads.waiting().await(own, task::isDone);
                return own;
            });
        }
        if (!task.isDone()) {
            throw own.stoppedException("endpoint '" + slot.model() + "': the function of its fallback");
        }
    }

    /** Its time is the function's own. */
    private static void stopWith(CallContext call, CallContext function) {
        call.stopReason().filter(it -> it != StopReason.DEADLINE).ifPresent(function::stop);
    }

    private static NamedValues asAskedFor(NamedValues values, PredictionRequest request) {
        List<String> names = request.options().requestedOutputs();
        Value[] asked = names.stream().map(values::value).toArray(Value[]::new);
        return (names.isEmpty() ? values : NamedValues.of(names, asked)).owned();
    }
}
