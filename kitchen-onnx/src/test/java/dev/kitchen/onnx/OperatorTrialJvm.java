package dev.kitchen.onnx;

import dev.kitchen.onnx.OperatorTrials.End;
import dev.kitchen.onnx.OperatorTrials.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs trials in a JVM of its own, and in a new one after a crash. A trial hangs if it takes too much time of the
 * processor, which a busy machine does not change, or waits far too long.
 */
final class OperatorTrialJvm implements AutoCloseable {

    private static final Duration MOST_WORK = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(4);
    private static final long MEMORY_KIB = 14_000_000;

    private final String api;
    private final Path directory;
    private final ExecutorService reading = Executors.newSingleThreadExecutor();
    private ForkedJvm.@Nullable Running jvm;

    OperatorTrialJvm(String api, Path directory) {
        this.api = api;
        this.directory = directory;
    }

    /** Runs one trial to its end, to that of the process, or until it hangs. */
    Outcome run(int number) throws Exception {
        ForkedJvm.Running running = jvm == null || !jvm.process().isAlive() ? start() : jvm;
        jvm = running;
        List<String> steps = new ArrayList<>();
        try {
            running.writeLine(Integer.toString(number));
            String line = line(running);
            while (line != null && !line.equals("end " + number)) {
                if (line.equals("loaded") || line.startsWith("run ") || line.startsWith("load-refused ")) {
                    steps.add(line.replace('\t', ' '));
                }
                line = line(running);
            }
            if (line != null) {
                return new Outcome(steps, End.LIVED);
            }
            running.kill();
            return new Outcome(steps, End.DIED);
        } catch (TimeoutException e) {
            running.kill();
            return new Outcome(steps, End.HUNG);
        }
    }

    private ForkedJvm.Running start() {
        return ForkedJvm.of(OperatorTrialRun.class)
                .withFlags("-Xmx2g", "-XX:+SuppressFatalErrorMessage")
                .withMemoryLimit(MEMORY_KIB)
                .withArguments(api, directory.toString())
                .start();
    }

    private @Nullable String line(ForkedJvm.Running running) throws Exception {
        Future<String> line = reading.submit(running::readLine);
        Duration before = worked(running);
        long begun = System.nanoTime();
        while (true) {
            try {
                return line.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                boolean waited = System.nanoTime() - begun > LONGEST_WAIT.toNanos();
                if (waited || worked(running).minus(before).compareTo(MOST_WORK) > 0) {
                    throw e;
                }
            }
        }
    }

    private static Duration worked(ForkedJvm.Running running) {
        return running.process().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        reading.shutdownNow();
        if (jvm != null) {
            jvm.close();
        }
    }
}
