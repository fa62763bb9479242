package dev.kitchen.tflite;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How TensorFlow Lite runs models.
 *
 * @param threads that share the work of one run; 1 by default, as several runs go side by side
 * @param maxRuns how many runs of a version go side by side, each with an interpreter and its memory; the others wait;
 *     by default as many as the container has processors
 * @param xnnpack whether XNNPACK runs what it can, several times faster; by default it does. What it took over can only
 *     be stopped as a whole
 * @param signatureKey which of the file's signatures to serve; by default {@code serving_default}, or else the first
 * @param inputShapes shapes for inputs of these names, for old files that do not say which dimensions are dynamic
 * @param isolation where models run; by default in this process
 * @param isolationLimit how long an isolated model may take to load, and for a run that has no deadline, before its
 *     process is ended; by default a minute
 * @param maxModelBytes the largest model file to load; by default 1 GiB
 */
public record TfliteOptions(
        int threads,
        int maxRuns,
        boolean xnnpack,
        String signatureKey,
        Map<String, Shape> inputShapes,
        Isolation isolation,
        Duration isolationLimit,
        long maxModelBytes) {

    private static final TfliteOptions DEFAULTS = new TfliteOptions(
            1,
            Runtime.getRuntime().availableProcessors(),
            true,
            "",
            Map.of(),
            Isolation.NONE,
            Duration.ofMinutes(1),
            1 << 30);

    /** Where models run. */
    public enum Isolation {
        /** In this process. A damaged or hostile model may end it, though most are refused before. */
        NONE,
        /** In processes of their own: what ends one of these is an exception here. For models from strangers. */
        PROCESS
    }

    /**
     * Checks the values.
     *
     * @throws ConfigurationException naming every value that is wrong
     */
    public TfliteOptions {
        inputShapes = Map.copyOf(inputShapes);
        List<String> problems = new ArrayList<>();
        if (threads < 1) {
            problems.add("threads is " + threads + ", expected 1 or more");
        }
        if (maxRuns < 1) {
            problems.add("max-runs is " + maxRuns + ", expected 1 or more");
        }
        if (isolationLimit.isNegative() || isolationLimit.isZero()) {
            problems.add("isolation-limit is " + isolationLimit + ", expected more than nothing");
        }
        if (maxModelBytes < 1) {
            problems.add("max-model-bytes is " + maxModelBytes + ", expected 1 or more");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("TensorFlow Lite options: " + String.join("; ", problems));
        }
    }

    public static TfliteOptions defaults() {
        return DEFAULTS;
    }

    public TfliteOptions withThreads(int count) {
        return new TfliteOptions(
                count, maxRuns, xnnpack, signatureKey, inputShapes, isolation, isolationLimit, maxModelBytes);
    }

    public TfliteOptions withMaxRuns(int count) {
        return new TfliteOptions(
                threads, count, xnnpack, signatureKey, inputShapes, isolation, isolationLimit, maxModelBytes);
    }

    public TfliteOptions withXnnpack(boolean enabled) {
        return new TfliteOptions(
                threads, maxRuns, enabled, signatureKey, inputShapes, isolation, isolationLimit, maxModelBytes);
    }

    public TfliteOptions withSignatureKey(String key) {
        return new TfliteOptions(threads, maxRuns, xnnpack, key, inputShapes, isolation, isolationLimit, maxModelBytes);
    }

    /** One more input whose shape the file does not tell; -1 where it is dynamic. */
    public TfliteOptions withInputShape(String input, Shape shape) {
        Map<String, Shape> shapes = new LinkedHashMap<>(inputShapes);
        shapes.put(input, shape);
        return new TfliteOptions(
                threads, maxRuns, xnnpack, signatureKey, shapes, isolation, isolationLimit, maxModelBytes);
    }

    public TfliteOptions withIsolation(Isolation choice) {
        return new TfliteOptions(
                threads, maxRuns, xnnpack, signatureKey, inputShapes, choice, isolationLimit, maxModelBytes);
    }

    public TfliteOptions withIsolationLimit(Duration limit) {
        return new TfliteOptions(threads, maxRuns, xnnpack, signatureKey, inputShapes, isolation, limit, maxModelBytes);
    }

    public TfliteOptions withMaxModelBytes(long bytes) {
        return new TfliteOptions(
                threads, maxRuns, xnnpack, signatureKey, inputShapes, isolation, isolationLimit, bytes);
    }
}
