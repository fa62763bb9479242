package dev.kitchen.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.InFlight;
import dev.kitchen.runtime.Watchdog;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RunContext;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.testkit.ManualTicker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionRunsTest {

    private static final ModelSignature SIGNATURE = ModelSignature.of(List.of(), List.of());

    private final CountDownLatch registered = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final SessionRuns runs = new SessionRuns(
            new VersionIdentity("m", "1", "identity"),
            new StoppedSession(),
            new SessionContext(
                    new ManualTicker(),
                    new Watchdog(new ManualTicker(), Duration.ofDays(1), "session-runs-watchdog"),
                    new SafeListener(List.of())));

    /** Its run ends as soon as somebody has begun to stop it, and leaves the stop behind. */
    private final class StoppedSession implements InferenceSession {

        @Override
        public ModelSignature signature() {
            return SIGNATURE;
        }

        @Override
        public ModelMetadata metadata() {
            return new ModelMetadata("", "", "", "", "", 0, Map.of());
        }

        @Override
        public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
            context.onStop(() -> {
                stopping.countDown();
                await(release);
            });
            registered.countDown();
            await(stopping);
            return NamedValues.of(Map.of());
        }

        @Override
        public void close() {}
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "session-runs-test");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static boolean isLeaving(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(it -> it.getClassName().equals(InFlight.class.getName())
                        && it.getMethodName().equals("leave"));
    }

    @AfterEach
    void letAllThreadsEnd() {
        release.countDown();
    }

    @Test
    void aCallRunsAsLongAsItIsInFlight() throws Exception {
        CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
        PredictionRequest request = PredictionRequest.of(NamedValues.of(Map.of()), CallOptions.defaults());
        FutureTask<?> call = new FutureTask<>(() -> runs.run(request, context));
        Thread caller = start(call);
        registered.await();
        Thread stopper = start(() -> runs.inFlight().stopAll(StopReason.CLOSING, new AtomicInteger()));
        long start = System.nanoTime();
        while (!isLeaving(caller) && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30)) {
            Thread.onSpinWait();
        }

        assertThat(runs.inFlight().count()).isOne();
        assertThat(context.isRunning()).isTrue();

        release.countDown();
        call.get(30, TimeUnit.SECONDS);
        stopper.join();
        assertThat(runs.inFlight().count()).isZero();
        assertThat(context.isRunning()).isFalse();
    }
}
