package dev.kitchen.runtime;

import dev.kitchen.runtime.CallContext.StopReason;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs that go on long after they were stopped, because their deadline passed or their caller cancelled them. A runtime
 * looks for a stop between two operators, so an operator that hangs never ends its run. Each such run is reported once.
 * Runs that a closing kitchen stops are left to that. The watchdog reports; any thread may ask which runs are overdue.
 */
final class OverdueRuns {

    /** How long a run may take to end after its stop. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final long LIMIT_NANOS = LIMIT.toNanos();

    /** A call's context may be used again for another call, which begins at another time. */
    private record Run(CallContext context, long startNanos) {}

    private final Consumer<String> report;
    private final Map<InFlight, String> places = new ConcurrentHashMap<>();
    private final Map<Run, Long> stoppedSince = new ConcurrentHashMap<>();
    private final Set<Run> reported = new HashSet<>();

    /** @param report is given the message for each overdue run */
    OverdueRuns(Consumer<String> report) {
        this.report = report;
    }

    /** Adds the runs of a version. */
    void watch(InFlight runs, String place) {
        places.put(runs, place);
    }

    /** Removes the runs of a version. */
    void forget(InFlight runs) {
        places.remove(runs);
    }

    /** Notes which runs have been stopped, and reports those that are overdue and were not reported yet. */
    void look(long nowNanos) {
        Set<Run> present = new HashSet<>();
        places.forEach((runs, place) -> runs.forEachStopped(context -> {
            Run run = new Run(context, context.startNanos());
            present.add(run);
            long since = stoppedSince.computeIfAbsent(run, it -> stoppedAt(context, nowNanos));
            if (isOverdue(context, since, nowNanos) && reported.add(run)) {
                report.accept(words(place, 1, nowNanos - since));
            }
        }));
        stoppedSince.keySet().retainAll(present);
        reported.retainAll(present);
    }

    /** Returns a message for each version that has overdue runs now, in order. */
    List<String> overdue(long nowNanos) {
        return places.entrySet().stream()
                .flatMap(it -> overdue(it.getKey(), it.getValue(), nowNanos).stream())
                .sorted()
                .toList();
    }

    private Optional<String> overdue(InFlight runs, String place, long nowNanos) {
        Overdue found = new Overdue();
        runs.forEachStopped(context -> {
            Long since = stoppedSince.get(new Run(context, context.startNanos()));
            if (since != null && isOverdue(context, since, nowNanos)) {
                found.count++;
                found.longestNanos = Math.max(found.longestNanos, nowNanos - since);
            }
        });
        return found.count == 0 ? Optional.empty() : Optional.of(words(place, found.count, found.longestNanos));
    }

    private static final class Overdue {
        int count;
        long longestNanos;
    }

    /** A deadline is known exactly; any other stop was at the latest now. */
    private static long stoppedAt(CallContext context, long nowNanos) {
        return context.isExpired(nowNanos) ? context.deadlineNanos() : nowNanos;
    }

    private static boolean isOverdue(CallContext context, long sinceNanos, long nowNanos) {
        return nowNanos - sinceNanos >= LIMIT_NANOS
                && context.stopReason().filter(it -> it != StopReason.CLOSING).isPresent();
    }

    private static String words(String place, int count, long nanos) {
        return place + ": " + count + (count == 1 ? " run has" : " runs have") + " not ended "
                + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s after being stopped, expected at most "
                + LIMIT.toSeconds() + " s; an operator of the model may hang, and holds a thread and memory";
    }
}
