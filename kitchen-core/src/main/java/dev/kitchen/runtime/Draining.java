package dev.kitchen.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Versions that were taken out of service and still answer calls. One that takes longer than it should is told of, once;
 * it stays in memory until its last call has ended, however long. Safe for use by many threads.
 */
public final class Draining {

    private final long limitNanos;
    private final Consumer<String> report;
    private final Map<DrainingVersion, Long> since = new ConcurrentHashMap<>();
    private final Set<DrainingVersion> reported = ConcurrentHashMap.newKeySet();

    /**
     * Nothing drains yet.
     *
     * @param report is told of each version that drains for longer than the limit
     */
    Draining(Duration limit, Consumer<String> report) {
        this.limitNanos = limit.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? limit.toNanos() : Long.MAX_VALUE;
        this.report = report;
    }

    /** A version was taken out of service under its users. Returns when it is to be looked at. */
    long add(DrainingVersion model, long nowNanos) {
        since.putIfAbsent(model, nowNanos);
        if (model.isFreed()) {
            remove(model);
        }
        return deadline(nowNanos);
    }

    /** A version was freed. */
    void remove(DrainingVersion model) {
        since.remove(model);
        reported.remove(model);
    }

    /** Tells of those that are overdue and were not told of yet; returns when the next one will be. */
    long reportOverdue(long nowNanos) {
        long next = CallContext.NO_DEADLINE;
        for (Map.Entry<DrainingVersion, Long> entry : since.entrySet()) {
            DrainingVersion model = entry.getKey();
            if (!isOverdue(entry.getValue(), nowNanos)) {
                next = Math.min(next, deadline(entry.getValue()));
            } else if (model.users() > 0 && reported.add(model)) {
                report.accept(words(model, entry.getValue(), nowNanos));
            }
        }
        return next;
    }

    /** Those that are overdue now, in words. */
    List<String> overdue(long nowNanos) {
        return since.entrySet().stream()
                .filter(it -> isOverdue(it.getValue(), nowNanos) && it.getKey().users() > 0)
                .map(it -> words(it.getKey(), it.getValue(), nowNanos))
                .sorted()
                .toList();
    }

    private boolean isOverdue(long sinceNanos, long nowNanos) {
        return nowNanos - sinceNanos >= limitNanos;
    }

    private long deadline(long sinceNanos) {
        long deadline = sinceNanos + limitNanos;
        return deadline < sinceNanos ? CallContext.NO_DEADLINE : deadline;
    }

    private String words(DrainingVersion model, long sinceNanos, long nowNanos) {
        long users = model.users();
        return model.place() + ": has " + users
                + (users == 1 ? " call" : " calls") + " in flight " + seconds(nowNanos - sinceNanos)
                + " s after it was taken out of service, expected none after " + seconds(limitNanos)
                + " s; it stays in memory until they end";
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}
