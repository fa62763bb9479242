package dev.kitchen.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrainingTest {

    private static final long SECOND = 1_000_000_000;

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final Watchdog watchdog = new Watchdog(ticker, Duration.ofSeconds(10), "draining-watchdog");
    private final Reaper reaper = new Reaper("draining-reaper");
    private final List<String> reports = new ArrayList<>();
    private final Draining draining = new Draining(Duration.ofSeconds(10), reports::add);
    private ServedModel model;

    @BeforeEach
    void serve() throws IOException {
        reaper.start();
        InferenceSession session = backend.load(FakeBackend.writeModel(directory, "m", "m"));
        model = new ServedModel(
                new ModelArtifact("m", "7", "identity", session.signature()),
                session,
                new ServedModel.Environment(
                        ticker, watchdog, reaper, new SafeListener(List.of()), (run, artifact, calls, leased) -> run));
        model.tryAcquire();
        model.retire();
    }

    @AfterEach
    void free() {
        reaper.close();
        assertThat(reaper.awaitEnd(TimeUnit.SECONDS.toNanos(30))).isTrue();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void tellsOnceOfAVersionThatIsOverdue() {
        assertThat(draining.add(model, 5 * SECOND)).isEqualTo(15 * SECOND);

        assertThat(draining.reportOverdue(14 * SECOND)).isEqualTo(15 * SECOND);
        assertThat(reports).isEmpty();
        assertThat(draining.reportOverdue(16 * SECOND)).isEqualTo(CallContext.NO_DEADLINE);
        draining.reportOverdue(100 * SECOND);

        assertThat(reports).hasSize(1);
        assertThat(reports.get(0)).startsWith("model 'm', version '7': has 1 call in flight 11 s after");
        assertThat(draining.overdue(100 * SECOND).get(0)).contains("95 s after");
        model.release();
    }

    @Test
    void beingTakenOutOfServiceAgainBeginsNoNewTime() {
        draining.add(model, 0);
        draining.add(model, 9 * SECOND);

        draining.reportOverdue(10 * SECOND);

        assertThat(reports).hasSize(1);
        model.release();
    }

    @Test
    void isSilentOfVersionsThatNobodyUses() {
        draining.add(model, 0);
        model.release();

        draining.reportOverdue(20 * SECOND);

        assertThat(reports).isEmpty();
        assertThat(draining.overdue(20 * SECOND)).isEmpty();
    }

    @Test
    void keepsNoVersionThatWasFreedMeanwhile() {
        model.release();
        assertThat(model.awaitFreed(60 * SECOND)).isTrue();

        draining.add(model, 0);

        assertThat(draining.reportOverdue(SECOND)).isEqualTo(CallContext.NO_DEADLINE);
    }

    @Test
    void aLimitWithoutEndIsNeverOverdue() {
        Draining endless = new Draining(Duration.ofSeconds(Long.MAX_VALUE), reports::add);

        assertThat(endless.add(model, SECOND)).isEqualTo(CallContext.NO_DEADLINE);
        endless.reportOverdue(Long.MAX_VALUE / 2);

        assertThat(reports).isEmpty();
        model.release();
    }
}
