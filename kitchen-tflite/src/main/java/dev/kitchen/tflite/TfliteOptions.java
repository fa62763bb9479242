package dev.kitchen.tflite;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.tensor.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How TensorFlow Lite loads and runs models. Immutable.
 *
 * <pre>{@code
 * new TfliteBackend(TfliteOptions.builder().threads(2).build())
 * }</pre>
 */
public final class TfliteOptions {

    private static final TfliteOptions DEFAULTS = builder().build();

    private final int threads;
    private final int maxRuns;
    private final boolean xnnpack;
    private final String signatureKey;
    private final Map<String, Shape> inputShapes;
    private final Isolation isolation;
    private final Duration isolationLimit;
    private final long maxModelBytes;

    /** Where models run. */
    public enum Isolation {
        /** In this process. A damaged or hostile model may end it, although most of them are refused before. */
        NONE,
        /**
         * In processes of their own, for models from untrusted sources. A model that ends such a process makes its call
         * fail with an exception.
         */
        PROCESS
    }

    private TfliteOptions(Builder builder) {
        this.threads = builder.threads;
        this.maxRuns = builder.maxRuns;
        this.xnnpack = builder.xnnpack;
        this.signatureKey = builder.signatureKey;
        this.inputShapes = Map.copyOf(builder.inputShapes);
        this.isolation = builder.isolation;
        this.isolationLimit = builder.isolationLimit;
        this.maxModelBytes = builder.maxModelBytes;
    }

    /** Returns the options with all defaults. */
    public static TfliteOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the settings of these options. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.threads = threads;
        copy.maxRuns = maxRuns;
        copy.xnnpack = xnnpack;
        copy.signatureKey = signatureKey;
        copy.inputShapes.putAll(inputShapes);
        copy.isolation = isolation;
        copy.isolationLimit = isolationLimit;
        copy.maxModelBytes = maxModelBytes;
        return copy;
    }

    /** The threads that share the work of one run. */
    public int threads() {
        return threads;
    }

    /** The most runs of a version at the same time. */
    public int maxRuns() {
        return maxRuns;
    }

    /** Whether XNNPACK runs the operators that it supports. */
    public boolean xnnpack() {
        return xnnpack;
    }

    /** The key of the signature to serve; empty for {@code serving_default}, or else the first of the file. */
    public String signatureKey() {
        return signatureKey;
    }

    /** Shapes of inputs whose dynamic dimensions the file does not declare, by the names of the inputs. Unmodifiable. */
    public Map<String, Shape> inputShapes() {
        return inputShapes;
    }

    /** Where models run. */
    public Isolation isolation() {
        return isolation;
    }

    /** How long an isolated model may take to load, and to run where the call has no deadline. */
    public Duration isolationLimit() {
        return isolationLimit;
    }

    /** The size of the largest model file that is loaded, in bytes. */
    public long maxModelBytes() {
        return maxModelBytes;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private final Map<String, Shape> inputShapes = new LinkedHashMap<>();
        private int threads = 1;
        private int maxRuns = Runtime.getRuntime().availableProcessors();
        private boolean xnnpack = true;
        private String signatureKey = "";
        private Isolation isolation = Isolation.NONE;
        private Duration isolationLimit = Duration.ofMinutes(1);
        private long maxModelBytes = 1L << 30;

        private Builder() {}

        /**
         * Sets how many threads share the work of one run. If unset, 1, because several runs are under way at the same time.
         *
         * @param count 1 or more
         */
        public Builder threads(int count) {
            this.threads = count;
            return this;
        }

        /**
         * Limits the runs of a version at the same time; further calls wait. Each run needs an interpreter with memory of its
         * own. If unset, as many as the JVM has CPUs available.
         *
         * @param count 1 or more
         */
        public Builder maxRuns(int count) {
            this.maxRuns = count;
            return this;
        }

        /**
         * Sets whether XNNPACK runs the operators that it supports, which is several times faster. A deadline does not
         * interrupt the part of a graph that XNNPACK runs. If unset, it does.
         */
        public Builder xnnpack(boolean enabled) {
            this.xnnpack = enabled;
            return this;
        }

        /**
         * Chooses the signature of the file to serve. If unset, {@code serving_default}, or else the first.
         *
         * @param key the key of the signature; empty for the default
         */
        public Builder signatureKey(String key) {
            this.signatureKey = key;
            return this;
        }

        /**
         * Adds the shape of an input, for old files that do not declare which dimensions are dynamic.
         *
         * @param shape the shape, with -1 for a dynamic dimension
         */
        public Builder inputShape(String input, Shape shape) {
            inputShapes.put(input, shape);
            return this;
        }

        /** Sets where models run. If unset, {@link Isolation#NONE}. */
        public Builder isolation(Isolation choice) {
            this.isolation = choice;
            return this;
        }

        /**
         * Limits how long an isolated model may take to load, and to run where the call has no deadline; its process is ended
         * then. If unset, one minute.
         *
         * @param limit longer than zero
         */
        public Builder isolationLimit(Duration limit) {
            this.isolationLimit = limit;
            return this;
        }

        /**
         * Limits the size of a model file. If unset, 1 GiB.
         *
         * @param bytes 1 or more
         */
        public Builder maxModelBytes(long bytes) {
            this.maxModelBytes = bytes;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public TfliteOptions build() {
            List<String> problems = new ArrayList<>();
            requirePositive(problems, "threads", threads);
            requirePositive(problems, "maxRuns", maxRuns);
            if (isolationLimit.isNegative() || isolationLimit.isZero()) {
                problems.add("isolationLimit is " + isolationLimit + ", expected more than zero");
            }
            requirePositive(problems, "maxModelBytes", maxModelBytes);
            if (!problems.isEmpty()) {
                throw new ConfigurationException("TensorFlow Lite options: " + String.join("; ", problems));
            }
            return new TfliteOptions(this);
        }

        private static void requirePositive(List<String> problems, String name, long value) {
            if (value < 1) {
                problems.add(name + " is " + value + ", expected 1 or more");
            }
        }
    }
}
