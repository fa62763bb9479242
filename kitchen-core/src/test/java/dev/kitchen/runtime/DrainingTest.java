package dev.kitchen.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainingTest {

    private static final long SECOND = 1_000_000_000;

    private final List<String> reports = new ArrayList<>();
    private final Draining draining = new Draining(Duration.ofSeconds(10), reports::add);
    private final OneCall version = new OneCall();

    /** A version with one call in flight until that is released. */
    private static final class OneCall implements DrainingVersion {

        private boolean released;

        void release() {
            released = true;
        }

        @Override
        public String place() {
            return "endpoint 'm', version '7'";
        }

        @Override
        public long users() {
            return released ? 0 : 1;
        }

        @Override
        public boolean isFreed() {
            return released;
        }
    }

    @Test
    void tellsOnceOfAVersionThatIsOverdue() {
        assertThat(draining.add(version, 5 * SECOND)).isEqualTo(15 * SECOND);

        assertThat(draining.reportOverdue(14 * SECOND)).isEqualTo(15 * SECOND);
        assertThat(reports).isEmpty();
        assertThat(draining.reportOverdue(16 * SECOND)).isEqualTo(CallContext.NO_DEADLINE);
        draining.reportOverdue(100 * SECOND);

        assertThat(reports).hasSize(1);
        assertThat(reports.get(0)).startsWith("endpoint 'm', version '7': has 1 call in flight 11 s after");
        assertThat(draining.overdue(100 * SECOND).get(0)).contains("95 s after");
    }

    @Test
    void beingTakenOutOfServiceAgainBeginsNoNewTime() {
        draining.add(version, 0);
        draining.add(version, 9 * SECOND);

        draining.reportOverdue(10 * SECOND);

        assertThat(reports).hasSize(1);
    }

    @Test
    void isSilentOfVersionsThatNobodyUses() {
        draining.add(version, 0);
        version.release();

        draining.reportOverdue(20 * SECOND);

        assertThat(reports).isEmpty();
        assertThat(draining.overdue(20 * SECOND)).isEmpty();
    }

    @Test
    void keepsNoVersionThatWasFreedMeanwhile() {
        version.release();

        draining.add(version, 0);

        assertThat(draining.reportOverdue(SECOND)).isEqualTo(CallContext.NO_DEADLINE);
    }

    @Test
    void aLimitWithoutEndIsNeverOverdue() {
        Draining endless = new Draining(Duration.ofSeconds(Long.MAX_VALUE), reports::add);

        assertThat(endless.add(version, SECOND)).isEqualTo(CallContext.NO_DEADLINE);
        endless.reportOverdue(Long.MAX_VALUE / 2);

        assertThat(reports).isEmpty();
    }
}
