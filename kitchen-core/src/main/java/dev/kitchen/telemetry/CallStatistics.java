package dev.kitchen.telemetry;

import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What became of a version's calls: counted since it was loaded, and the durations of the last half minute to minute.
 * Recording takes no lock and makes no garbage.
 */
public final class CallStatistics {

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORTEST_NANOS = 64;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int DIGITS = 2;

    private final Ticker ticker;
    private final LongAdder answers = new LongAdder();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final LongAdder replaced = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder batchedRows = new LongAdder();
    private final AtomicLong windowStart;
    private volatile @Nullable Windows windows;

    /** The window that is recorded into, and a compact copy of the one before it. */
    private record Windows(AtomicHistogram present, Histogram previous, long previousStart) {}

    public CallStatistics(Ticker ticker) {
        this.ticker = ticker;
        this.windowStart = new AtomicLong(ticker.nanoTime());
    }

    /**
     * A call had an answer.
     *
     * @param nowNanos when, in ticker time
     */
    public void answered(long durationNanos, long nowNanos) {
        answers.increment();
        present(nowNanos).recordValue(Math.min(Math.max(0, durationNanos), LONGEST_NANOS));
    }

    /** A call had an answer, and nobody looked at the clock. */
    public void answered() {
        answers.increment();
    }

    /** A call failed. */
    public void failed(KitchenException failure) {
        failures.computeIfAbsent(PredictionEvent.reasonOf(failure), it -> new LongAdder())
                .increment();
    }

    /** A call failed, and a fallback answered it, where it is counted. */
    public void replaced() {
        replaced.increment();
    }

    /** Whether nothing was counted yet. */
    public boolean isEmpty() {
        return answers.sum() == 0 && failures.isEmpty();
    }

    /** Calls ran together. */
    public void batched(long rows) {
        batches.increment();
        batchedRows.add(rows);
    }

    private AtomicHistogram present(long nowNanos) {
        Windows now = windows;
        long start = windowStart.get();
        if (now != null && nowNanos - start < WINDOW_NANOS) {
            return now.present();
        }
        return turn(now, start, nowNanos);
    }

    /** One thread turns the window; what the others record meanwhile counts for either, or is lost to the quantiles. */
    private AtomicHistogram turn(@Nullable Windows now, long start, long nowNanos) {
        if (now == null) {
            synchronized (answers) {
                if (windows == null) {
                    AtomicHistogram first = new AtomicHistogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
                    windows = new Windows(first, compact(), start);
                }
            }
        } else if (windowStart.compareAndSet(start, nowNanos)) {
            boolean idle = nowNanos - start >= 2 * WINDOW_NANOS;
            Histogram previous = compact();
            if (!idle) {
                previous.add(now.present());
            }
            now.present().reset();
            windows = new Windows(now.present(), previous, idle ? nowNanos : start);
        }
        return Objects.requireNonNull(windows).present();
    }

    private static Histogram compact() {
        return new PackedHistogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
    }

    /**
     * How it is now.
     *
     * @param running how many calls are inside the model
     * @param waiting how many calls wait in a stage
     */
    public VersionStatistics snapshot(String model, String version, long running, long waiting) {
        long now = ticker.nanoTime();
        present(now);
        Histogram recent = new Histogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
        long since = windowStart.get();
        Windows seen = windows;
        if (seen != null) {
            recent.add(seen.previous());
            recent.add(seen.present());
            since = seen.previousStart();
        }
        Map<String, Long> counted = new TreeMap<>();
        failures.forEach((reason, count) -> counted.put(reason, count.sum()));
        long window = Math.max(1, now - since);
        return new VersionStatistics(
                model,
                version,
                answers.sum(),
                counted,
                replaced.sum(),
                Duration.ofNanos(window),
                recent.getTotalCount() * 1e9 / window,
                quantile(recent, 50),
                quantile(recent, 95),
                quantile(recent, 99),
                running,
                waiting,
                batches.sum(),
                batchedRows.sum());
    }

    private static Duration quantile(Histogram recent, double percent) {
        return Duration.ofNanos(recent.getTotalCount() == 0 ? 0 : recent.getValueAtPercentile(percent));
    }
}
