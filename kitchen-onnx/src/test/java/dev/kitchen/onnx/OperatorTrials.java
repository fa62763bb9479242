package dev.kitchen.onnx;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs trials in JVMs of their own: the one after a crash goes on behind the trial that crashed. */
final class OperatorTrials {

    private static final int HANG_SECONDS = 30;

    /** What became of a trial: the lines that it printed, and whether the process died or hung. */
    record Outcome(List<String> steps, boolean died) {

        boolean loaded() {
            return !steps.isEmpty() && steps.get(0).equals("loaded");
        }
    }

    private final String road;
    private final Path directory;
    private final Map<Integer, Outcome> outcomes = new TreeMap<>();
    private int current;
    private List<String> steps = new ArrayList<>();
    private boolean under;

    OperatorTrials(String road, Path directory) {
        this.road = road;
        this.directory = directory;
    }

    Map<Integer, Outcome> run(int from, int to) throws Exception {
        int next = from;
        while (next < to) {
            current = next;
            under = false;
            boolean hung = runUntilItEnds(next, to);
            if (under || hung) {
                outcomes.put(current, new Outcome(steps, true));
            }
            next = current + 1;
        }
        return outcomes;
    }

    private boolean runUntilItEnds(int from, int to) throws Exception {
        ExecutorService reading = Executors.newSingleThreadExecutor();
        try (ForkedJvm.Running jvm = ForkedJvm.of(OperatorTrialRun.class)
                .withFlags("-Xmx512m")
                .withArguments(road, directory.toString(), Integer.toString(from), Integer.toString(to), "1")
                .start()) {
            for (String line = line(reading, jvm); line != null; line = line(reading, jvm)) {
                take(line);
            }
            jvm.process().waitFor();
            return false;
        } catch (TimeoutException e) {
            return true;
        } finally {
            reading.shutdownNow();
        }
    }

    private static String line(ExecutorService reading, ForkedJvm.Running jvm)
            throws InterruptedException, ExecutionException, TimeoutException {
        Future<String> line = reading.submit(() -> readLine(jvm.process().inputReader()));
        return line.get(HANG_SECONDS, TimeUnit.SECONDS);
    }

    private static String readLine(BufferedReader reader) throws IOException {
        return reader.readLine();
    }

    private void take(String line) {
        if (line.startsWith("begin ")) {
            current = Integer.parseInt(line.substring("begin ".length()));
            steps = new ArrayList<>();
            under = true;
        } else if (line.startsWith("end ")) {
            outcomes.put(current, new Outcome(steps, false));
            under = false;
        } else if (line.equals("loaded") || line.startsWith("run ") || line.startsWith("load-refused ")) {
            steps.add(line);
        }
    }
}
