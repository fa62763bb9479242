package dev.kitchen.models;

import dev.kitchen.error.KitchenException;
import dev.kitchen.registry.VersionInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A version that did not load, and when to try it again: after pauses that double from one second to five minutes, and as
 * soon as its files look different, as they may have been half copied.
 *
 * @param sha256 of the content that did not load, where it is known
 * @param files what they looked like before
 * @param tries how often it was tried with these files
 * @param retryNanos when it is tried again, in ticker time
 */
record FailedLoad(KitchenException failure, Optional<String> sha256, VersionFiles files, int tries, long retryNanos) {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 20;

    /**
     * A failure of now.
     *
     * @param before the last failure under the version's name; null where there is none
     */
    static FailedLoad of(
            VersionInfo version, KitchenException failure, VersionFiles files, @Nullable FailedLoad before, long now) {
        int tries = before != null && before.files.equals(files) ? before.tries + 1 : 1;
        return new FailedLoad(
                failure, version.sha256(), files, tries, now + pause(tries).toNanos());
    }

    private static Duration pause(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, MAX_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Whether the pause is over. */
    boolean isDue(long now) {
        return now - retryNanos >= 0;
    }

    /** Whether to try again now: the pause is over, or the files changed. */
    boolean isToBeRetried(VersionInfo version, long now) {
        return isDue(now) || !files.equals(VersionFiles.of(version.path()));
    }

    /** What failed and when it is tried again, in words. */
    String words(long now, boolean retriesByItself) {
        String again = retriesByItself
                ? "tried again in " + Math.max(0, TimeUnit.NANOSECONDS.toSeconds(retryNanos - now))
                        + " s, or when its files change"
                : "tried again by kitchen.refresh()";
        return failure.getMessage() + "; failed " + tries + (tries == 1 ? " time, " : " times, ") + again;
    }
}
