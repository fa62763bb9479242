package dev.kitchen.serving;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.runtime.KitchenThreads;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a kitchen in order: asynchronous calls, versions, threads. Runs get time to end, are stopped after that, and a
 * version that is still in use then stays in memory and is reported.
 */
public final class Shutdown {

    private static final Logger LOGGER = LoggerFactory.getLogger(Shutdown.class);

    /** How long a stopped run may take to end: ONNX Runtime checks between nodes, and one node can be large. */
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long STOP_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final KitchenThreads threads;

    public Shutdown(KitchenThreads threads) {
        this.threads = threads;
    }

    /**
     * Drains, stops what does not end, frees the versions, and ends the threads. Blocks until done, but returns within 15
     * seconds after the drain limit; keeps interrupts for later.
     *
     * @param drainEnd when runs are to be stopped, in {@link System#nanoTime} time
     */
    public void run(List<ServedVersion> versions, long drainEnd) {
        boolean interrupted = Thread.interrupted();
        try {
            drainAndFree(versions, drainEnd);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void drainAndFree(List<ServedVersion> versions, long drainEnd) {
        threads.watchdog().stopReportingDrains();
        threads.asyncCalls().drain(left(drainEnd));
        versions.forEach(ServedVersion::retire);
        List<ServedVersion> stuck = versions.stream()
                .filter(version -> !version.awaitFreed(left(drainEnd)))
                .toList();
        long stopEnd = System.nanoTime() + STOP_NANOS;
        List<ServedVersion> leaked =
                stuck.stream().filter(version -> !stop(version, stopEnd)).toList();
        if (!leaked.isEmpty()) {
            reportLeaks(leaked);
        }
        threads.close(System.nanoTime() + (leaked.isEmpty() ? STOP_NANOS : 0));
    }

    /** Listeners are told, and may take their time, but the closing kitchen does not wait for long. */
    private static void reportLeaks(List<ServedVersion> leaked) {
        ForeignCode.attemptWithin(
                STOP_NANOS,
                "kitchen-leak-report",
                "reporting versions that are still in use",
                () -> leaked.forEach(ServedVersion::reportLeak));
    }

    /** Stops runs repeatedly: a call that only held its lease at first may have begun its run by now. */
    private boolean stop(ServedVersion version, long end) {
        LOGGER.warn("{}: runs outlast the drain limit and are stopped", version.place());
        boolean freed = false;
        do {
            threads.waiting().stopAll();
            version.terminateRuns();
            freed = version.awaitFreed(STOP_AGAIN_NANOS);
        } while (!freed && System.nanoTime() < end);
        return freed;
    }

    private static long left(long end) {
        return Nanos.until(end, System.nanoTime());
    }
}
