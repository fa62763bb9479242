package dev.kitchen.observe;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the calls of one loaded version, or of those that reached none: each call is counted once, where it
 * ended. Counts are since it was loaded; quantiles and rate are of the recent
 * past, and of calls that look at the clock, which bound calls do not. Quantiles are within 1 %, or 64 ns where that is
 * more; what takes longer than 5 minutes counts as 5 minutes.
 *
 * @param version the loaded version that the calls reached, or would have; {@code fallback} for answers of a fallback's
 *     function; empty for calls of which nobody knows a version, as none is loaded or the one asked for is unknown
 * @param answers calls that had an answer
 * @param failures calls that had none, by reason: {@code invalid}, {@code timeout}, {@code cancelled},
 *     {@code queue_full} and the other reasons of a rejection, {@code not_ready}, {@code backend}
 * @param replaced calls that failed here and that a fallback answered; they are counted where they were answered
 * @param window how far back the recent past goes: up to a minute
 * @param answersPerSecond in the window
 * @param p50 of the answers' durations in the window; zero where there are none
 * @param running calls inside the model now
 * @param waiting calls in a queue now
 * @param batches runs that answered calls together
 * @param batchedRows rows in those
 */
public record VersionStatistics(
        String model,
        String version,
        long answers,
        Map<String, Long> failures,
        long replaced,
        Duration window,
        double answersPerSecond,
        Duration p50,
        Duration p95,
        Duration p99,
        long running,
        long waiting,
        long batches,
        long batchedRows) {

    public VersionStatistics {
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
    }

    /** How many rows a run had that answered calls together, on average; 0 where there was none. */
    public double rowsPerBatch() {
        return batches == 0 ? 0 : (double) batchedRows / batches;
    }

    /** Calls that had no answer. */
    public long failureCount() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }
}
