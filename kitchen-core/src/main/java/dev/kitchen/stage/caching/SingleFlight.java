package dev.kitchen.stage.caching;

import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.CacheKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets the model run once for all who ask the same at the same time. A run ends early only when nobody waits for it. */
final class SingleFlight {

    /** Handing a run to another thread costs about half of this. */
    private static final long SLOW_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Predictor next;
    private final KeptAnswers answers;
    private final Waiting waiting;
    private final Executor runs;
    private final Ticker ticker;
    private final Map<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong landed = new AtomicLong();
    /** A moving mean of what a run takes; slow until one is known. */
    private volatile long meanNanos = Long.MAX_VALUE;

    SingleFlight(Predictor next, KeptAnswers answers, Waiting waiting, Executor runs, Ticker ticker) {
        this.next = next;
        this.answers = answers;
        this.waiting = waiting;
        this.runs = runs;
        this.ticker = ticker;
    }

    /** How many runs have ended: whoever saw no answer, and no other number since, need not look again. */
    long landed() {
        return landed.get();
    }

    /**
     * The answer of a run that is under way, or of one that begins.
     *
     * @param landedBefore how many runs had ended before the caller looked for an answer and found none
     */
    Prediction answer(CacheKey key, PredictionRequest request, CallContext context, long landedBefore) {
        while (true) {
            Flight flight = fly(key, request, context, landedBefore);
            if (!flight.endedForAnother(context)) {
                return flight.answerFor(context, answers.place());
            }
        }
    }

    /** Joins a run or leads one; returns it when it has ended, or the caller has left it. */
    private Flight fly(CacheKey key, PredictionRequest request, CallContext context, long landedBefore) {
        if (context.isExpired(ticker.nanoTime())) {
            context.stop(StopReason.DEADLINE);
        }
        context.throwIfStopped(answers.place());
        long epoch = answers.epoch(key);
        Flight found = flights.get(key);
        if (found != null && found.epoch() == epoch && found.join()) {
            found.await(waiting, context);
            return found;
        }
        CacheKey owned = key.owned();
        Flight mine = new Flight(owned, epoch, request.withInputs(owned.inputs()), ticker.nanoTime());
        Flight joined = flights.compute(
                owned, (it, other) -> other != null && other.epoch() == epoch && other.join() ? other : mine);
        if (joined.equals(mine)) {
            leadToItsEnd(mine, context, landedBefore);
        } else {
            joined.await(waiting, context);
        }
        return joined;
    }

    /** A run that others may wait for ends, whatever happens to who leads it. */
    private void leadToItsEnd(Flight flight, CallContext context, long landedBefore) {
        try {
            lead(flight, context, landedBefore);
        } catch (Throwable e) {
            if (flight.begin()) {
                fail(flight, e);
            }
            throw e;
        }
    }

    private void lead(Flight flight, CallContext context, long landedBefore) {
        boolean lookAgain = landed.get() != landedBefore;
        if (meanNanos > SLOW_NANOS && handOver(flight, lookAgain)) {
            flight.await(waiting, context);
            return;
        }
        waiting.attend(context, () -> flight.leave(context), () -> {
            run(flight, lookAgain);
            return flight;
        });
    }

    private boolean handOver(Flight flight, boolean lookAgain) {
        flight.handOver();
        try {
            runs.execute(() -> run(flight, lookAgain));
            return true;
        } catch (Throwable e) {
            // No thread can be had: the caller runs by itself, unless the run has begun all the same.
            return flight.hasBegun();
        }
    }

    private void run(Flight flight, boolean lookAgain) {
        if (!flight.begin()) {
            return;
        }
        try {
            Prediction answer = lookAgain ? answers.find(flight.key(), flight.context()) : null;
            if (answer == null) {
                answer = run(flight);
            }
            land(flight);
            flight.end(answer);
        } catch (Throwable e) {
            fail(flight, e);
        }
    }

    private void fail(Flight flight, Throwable reason) {
        land(flight);
        flight.fail(reason);
    }

    private Prediction run(Flight flight) {
        long start = ticker.nanoTime();
        Prediction answer = next.predict(flight.request(), flight.context());
        answers.keep(flight.key(), answer, flight.epoch());
        if (answer.source() == Source.MODEL) {
            measured(ticker.nanoTime() - start);
        }
        return answer;
    }

    private void measured(long nanos) {
        long mean = meanNanos;
        meanNanos = mean == Long.MAX_VALUE ? nanos : mean + (nanos - mean) / 8;
    }

    /** In this order: who finds no flight sees the number, and looks for the answer. */
    private void land(Flight flight) {
        landed.incrementAndGet();
        flights.remove(flight.key(), flight);
    }
}
