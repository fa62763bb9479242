package dev.kitchen.onnx;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Runs trials in JVMs of their own, two at a time, and writes down what became of each, so that a later run need not do
 * it again. After a crash a new JVM goes on with the next trial.
 */
final class OperatorTrials {

    private static final int JVMS = 2;
    private static final String BETWEEN_STEPS = " ;; ";

    /** How the process fared in a trial. */
    enum End {
        LIVED,
        DIED,
        HUNG
    }

    /** What became of a trial: the lines that it printed, and whether the process lived. */
    record Outcome(List<String> steps, End end) {

        boolean loaded() {
            return !steps.isEmpty() && steps.get(0).equals("loaded");
        }
    }

    private final String api;
    private final Path directory;
    private final Path record;
    private final Map<Integer, Outcome> outcomes = new TreeMap<>();

    /**
     * @param record the file of outcomes; those that it has already are not run again
     */
    OperatorTrials(String api, Path directory, Path record) throws IOException {
        this.api = api;
        this.directory = directory;
        this.record = record;
        if (Files.exists(record)) {
            Files.readAllLines(record).forEach(this::read);
        }
    }

    Map<Integer, Outcome> run(int from, int to) throws IOException, InterruptedException, ExecutionException {
        Queue<Integer> numbers = new ConcurrentLinkedQueue<>(IntStream.range(from, to)
                .filter(number -> !outcomes.containsKey(number))
                .boxed()
                .toList());
        ExecutorService threads = Executors.newFixedThreadPool(JVMS);
        try (BufferedWriter writer =
                Files.newBufferedWriter(record, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < JVMS; i++) {
                Path own = Files.createDirectories(directory.resolve(api + i));
                workers.add(threads.submit(() -> work(numbers, own, writer)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } finally {
            threads.shutdownNow();
        }
        outcomes.keySet().removeIf(number -> number < from || number >= to);
        return outcomes;
    }

    private Void work(Queue<Integer> numbers, Path own, BufferedWriter writer) throws Exception {
        try (OperatorTrialJvm jvm = new OperatorTrialJvm(api, own)) {
            for (Integer number = numbers.poll(); number != null; number = numbers.poll()) {
                write(number, jvm.run(number), writer);
            }
        }
        return null;
    }

    private synchronized void write(int number, Outcome outcome, BufferedWriter writer) throws IOException {
        outcomes.put(number, outcome);
        writer.write(number + "\t" + outcome.end() + "\t" + String.join(BETWEEN_STEPS, outcome.steps()) + "\n");
        writer.flush();
    }

    private void read(String line) {
        String[] parts = line.split("\t", 3);
        List<String> steps = parts[2].isEmpty() ? List.of() : List.of(parts[2].split(BETWEEN_STEPS));
        outcomes.put(Integer.valueOf(parts[0]), new Outcome(steps, End.valueOf(parts[1])));
    }
}
