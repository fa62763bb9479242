package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.session.Predictor;
import dev.kitchen.tensor.NamedValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However calls come, wait, are stopped and end at once: never too many run, and no permit is lost. */
@Timeout(120)
class RunPermitsTest {

    private static final PredictionRequest REQUEST = PredictionRequest.of(Map.of());

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    /** Where runs wait for one another. */
    private volatile Phaser together;

    @Test
    void noPermitIsLost() throws InterruptedException {
        long seed =
                Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
        for (int round = 0; round < 60; round++) {
            round(new SplittableRandom(seed + round), seed + round);
        }
        assertThat(answered).hasPositiveValue();
    }

    /** Nothing but taking and giving back, so that calls line up at the moment when a permit comes free. */
    @Test
    void aPermitThatComesFreeWhileACallLinesUpIsTaken() throws InterruptedException {
        RunPermits permits = new RunPermits("m", 1, 10_000, Optional.empty());
        Predictor stage = new PermitPredictor(
                (request, context) -> new Prediction("m", "1", NamedValues.of(Map.of()), 0),
                permits,
                "m",
                RunPermitsTest::await,
                Ticker.system());
        AtomicInteger ended = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(new Thread(() -> {
                for (int call = 0; call < 300_000; call++) {
                    stage.predict(REQUEST, new CallContext(0, CallContext.NO_DEADLINE));
                    ended.incrementAndGet();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(ended).hasValue(900_000);
    }

    private void round(SplittableRandom random, long seed) throws InterruptedException {
        int permits = 1 + random.nextInt(4);
        boolean adaptive = random.nextInt(3) == 0;
        Optional<AdaptiveLimit> limit =
                adaptive ? Optional.of(new AdaptiveLimit(permits, 1 + random.nextInt(100_000))) : Optional.empty();
        RunPermits pool = new RunPermits("m", permits, random.nextInt(10), limit);
        Predictor stage = new PermitPredictor(this::run, pool, "m", RunPermitsTest::await, Ticker.system());
        most.set(0);
        ConcurrentLinkedQueue<CallContext> calls = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        AtomicInteger alive = new AtomicInteger(6);
        for (int i = 0; i < 6; i++) {
            threads.add(new Thread(() -> call(stage, calls, alive)));
        }
        threads.forEach(Thread::start);
        while (alive.get() > 0) {
            CallContext context = calls.poll();
            if (context != null && random.nextInt(3) == 0) {
                context.stop(StopReason.CANCELLED);
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(most.get()).as("seed %s", seed).isLessThanOrEqualTo(permits);
        assertThat(running).hasValue(0);
        if (!adaptive) {
            assertAllRunAtOnce(stage, permits);
        }
    }

    private void call(Predictor stage, ConcurrentLinkedQueue<CallContext> calls, AtomicInteger alive) {
        try {
            for (int i = 0; i < 500; i++) {
                CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
                calls.add(context);
                try {
                    stage.predict(REQUEST, context);
                    answered.incrementAndGet();
                } catch (KitchenException e) {
                    assertThat(e.getStackTrace().length == 0 || context.isStopped())
                            .isTrue();
                }
            }
        } finally {
            alive.decrementAndGet();
        }
    }

    /** Fails by its time limit if a permit is missing. */
    private void assertAllRunAtOnce(Predictor stage, int permits) throws InterruptedException {
        together = new Phaser(permits);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < permits; i++) {
            threads.add(new Thread(() -> stage.predict(REQUEST, new CallContext(0, CallContext.NO_DEADLINE))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        together = null;
    }

    private Prediction run(PredictionRequest request, CallContext context) {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        Phaser others = together;
        if (others != null) {
            others.arriveAndAwaitAdvance();
        } else if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(20_000));
        }
        running.decrementAndGet();
        return new Prediction("m", "1", NamedValues.of(Map.of()), 0);
    }

    private static void await(CallContext context, BooleanSupplier done) {
        Thread thread = Thread.currentThread();
        context.onStop(() -> LockSupport.unpark(thread));
        try {
            while (!done.getAsBoolean() && !context.isStopped()) {
                LockSupport.park();
            }
        } finally {
            context.clearOnStop();
        }
    }
}
