package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.run.SessionSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How ONNX Runtime loads and runs models. Immutable.
 *
 * <pre>{@code
 * new OnnxBackend(OnnxOptions.builder().intraOpThreads(1).build())
 * }</pre>
 */
public final class OnnxOptions {

    private static final OnnxOptions DEFAULTS = builder().build();

    private final int intraOpThreads;
    private final int interOpThreads;
    private final boolean sharedThreads;
    private final Optimization optimization;
    private final boolean memoryArena;
    private final List<ExecutionProvider> executionProviders;
    private final List<Path> customOpLibraries;
    private final long maxModelBytes;
    private final long maxInputElements;
    private final long maxOutputElements;
    private final Api api;

    /** How ONNX Runtime is called. The library and the answers are the same either way. */
    public enum Api {
        /** The C API where it can be used, otherwise the Java API. */
        AUTO,
        /** ONNX Runtime's own Java API, which works on every JDK. */
        JAVA,
        /** The C API. It needs JDK 22 or newer, is several times faster, and supports all element types. */
        C
    }

    /** How much ONNX Runtime rewrites the graph of a model when it loads it. */
    public enum Optimization {
        /** Runs the graph as it is in the file. */
        NONE(0),
        /** Rewrites that keep the graph portable, such as constant folding. */
        BASIC(1),
        /** As {@link #BASIC}, and fuses operators. */
        EXTENDED(2),
        /** As {@link #EXTENDED}, and changes memory layouts to suit this machine. */
        ALL(99);

        private final int level;

        Optimization(int level) {
            this.level = level;
        }
    }

    private OnnxOptions(Builder builder) {
        this.intraOpThreads = builder.intraOpThreadsOrDefault();
        this.interOpThreads = builder.interOpThreads;
        this.sharedThreads = builder.sharedThreadsOrDefault();
        this.optimization = builder.optimization;
        this.memoryArena = builder.memoryArena;
        this.executionProviders = builder.executionProviders;
        this.customOpLibraries = builder.customOpLibraries;
        this.maxModelBytes = builder.maxModelBytes;
        this.maxInputElements = builder.maxInputElements;
        this.maxOutputElements = builder.maxOutputElements;
        this.api = builder.api;
    }

    /** Returns the options with all defaults. */
    public static OnnxOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns options that are read from texts, as a properties file contains them. Keys that are missing keep their
     * defaults. The keys are {@code intra-op-threads}, {@code inter-op-threads}, {@code shared-threads} (true, false),
     * {@code optimization} (none, basic, extended, all), {@code memory-arena} (true, false), {@code execution-providers} and
     * {@code custom-op-libraries} (separated by commas), {@code max-model-bytes}, {@code max-input-elements}, {@code
     * max-output-elements} and {@code api} (auto, java, c).
     *
     * @throws ConfigurationException naming every key that is unknown and every value that is wrong
     */
    public static OnnxOptions of(Map<String, String> texts) {
        return OnnxOptionTexts.parse(texts);
    }

    /** Returns a builder with the settings of these options. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        if (!sharedThreads) {
            copy.intraOpThreads = OptionalInt.of(intraOpThreads);
            copy.sharedThreads = Optional.of(false);
        }
        copy.interOpThreads = interOpThreads;
        copy.optimization = optimization;
        copy.memoryArena = memoryArena;
        copy.executionProviders = executionProviders;
        copy.customOpLibraries = customOpLibraries;
        copy.maxModelBytes = maxModelBytes;
        copy.maxInputElements = maxInputElements;
        copy.maxOutputElements = maxOutputElements;
        copy.api = api;
        return copy;
    }

    /** The threads that share the work of one operator. */
    public int intraOpThreads() {
        return intraOpThreads;
    }

    /** The operators of one run that are computed at the same time; 1 where they are computed one after the other. */
    public int interOpThreads() {
        return interOpThreads;
    }

    /** Whether all models of the process use the same threads for their operators. */
    public boolean sharedThreads() {
        return sharedThreads;
    }

    /** How much ONNX Runtime rewrites the graph when it loads a model. */
    public Optimization optimization() {
        return optimization;
    }

    /** Whether the CPU allocator keeps memory for later runs. */
    public boolean memoryArena() {
        return memoryArena;
    }

    /** The execution providers to use, most preferred first, without the CPU that always follows them. Unmodifiable. */
    public List<ExecutionProvider> executionProviders() {
        return executionProviders;
    }

    /** The shared libraries with custom operators. Unmodifiable. */
    public List<Path> customOpLibraries() {
        return customOpLibraries;
    }

    /** The size of the largest model file that is loaded, in bytes, without its external data. */
    public long maxModelBytes() {
        return maxModelBytes;
    }

    /** The most elements that a tensor of a request may have, or all tensors of a sequence together. */
    public long maxInputElements() {
        return maxInputElements;
    }

    /** The most elements that an output may have. */
    public long maxOutputElements() {
        return maxOutputElements;
    }

    /** How ONNX Runtime is called. */
    public Api api() {
        return api;
    }

    /** Returns these options as the settings of a session. */
    SessionSettings sessionSettings() {
        return new SessionSettings(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization.level,
                memoryArena,
                executionProviders.stream()
                        .map(provider ->
                                new SessionSettings.Provider(provider.kind().name(), provider.options()))
                        .toList(),
                customOpLibraries,
                maxInputElements,
                maxOutputElements);
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private static final long DEFAULT_MAX_ELEMENTS = 1L << 27;

        private OptionalInt intraOpThreads = OptionalInt.empty();
        private int interOpThreads = 1;
        private Optional<Boolean> sharedThreads = Optional.empty();
        private Optimization optimization = Optimization.ALL;
        private boolean memoryArena = true;
        private List<ExecutionProvider> executionProviders = List.of();
        private List<Path> customOpLibraries = List.of();
        private long maxModelBytes = Integer.MAX_VALUE;
        private long maxInputElements = DEFAULT_MAX_ELEMENTS;
        private long maxOutputElements = DEFAULT_MAX_ELEMENTS;
        private Api api = Api.AUTO;

        private Builder() {}

        /**
         * Sets how many threads share the work of one operator, and gives each model that many threads of its own. If unset,
         * as many as the JVM has CPUs available.
         *
         * @param threads 1 or more
         */
        public Builder intraOpThreads(int threads) {
            this.intraOpThreads = OptionalInt.of(threads);
            return this;
        }

        /**
         * Sets how many operators of one run are computed at the same time. With more than 1, each model has threads of its
         * own. If unset, 1: operators are computed one after the other.
         *
         * @param threads 1 or more
         */
        public Builder interOpThreads(int threads) {
            this.interOpThreads = threads;
            return this;
        }

        /**
         * Sets whether all models of the process use the same threads for their operators, of which there are as many as
         * CPUs. If unset, they do unless {@link #intraOpThreads}, or more than one of {@link #interOpThreads}, is set.
         *
         * @param enabled true for shared threads, which cannot be combined with a number of threads other than the default;
         *     false for threads of each model
         */
        public Builder sharedThreads(boolean enabled) {
            this.sharedThreads = Optional.of(enabled);
            return this;
        }

        /** Sets how much ONNX Runtime rewrites the graph when it loads a model. If unset, {@link Optimization#ALL}. */
        public Builder optimization(Optimization level) {
            this.optimization = level;
            return this;
        }

        /** Sets whether the CPU allocator keeps memory for later runs. If unset, it does. */
        public Builder memoryArena(boolean enabled) {
            this.memoryArena = enabled;
            return this;
        }

        /**
         * Replaces the execution providers. Those that are not available are skipped with one warning, and the CPU always
         * comes last. If unset, none.
         *
         * @param providers most preferred first
         */
        public Builder executionProviders(ExecutionProvider... providers) {
            this.executionProviders = List.of(providers);
            return this;
        }

        /**
         * Replaces the shared libraries with custom operators. They are native code and run with all rights of the process.
         * If unset, none.
         */
        public Builder customOpLibraries(Path... libraries) {
            this.customOpLibraries = List.of(libraries);
            return this;
        }

        /**
         * Limits the size of a model file, without its external data. If unset, 2 GiB - 1, the most that an ONNX file can
         * have.
         *
         * @param bytes 1 or more
         */
        public Builder maxModelBytes(long bytes) {
            this.maxModelBytes = bytes;
            return this;
        }

        /**
         * Limits the elements that a tensor of a request may have, or all tensors of a sequence together. If unset, 2^27
         * (134,217,728), which is 512 MiB of FLOAT.
         *
         * @param elements 1 or more
         */
        public Builder maxInputElements(long elements) {
            this.maxInputElements = elements;
            return this;
        }

        /**
         * Limits the elements that an output may have, because a request of a few bytes can name a shape that takes all
         * memory. Raise the limit for models with larger outputs. If unset, 2^27 (134,217,728), which is 512 MiB of FLOAT.
         *
         * @param elements 1 or more
         */
        public Builder maxOutputElements(long elements) {
            this.maxOutputElements = elements;
            return this;
        }

        /** Sets how ONNX Runtime is called. If unset, {@link Api#AUTO}. */
        public Builder api(Api choice) {
            this.api = choice;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public OnnxOptions build() {
            return build(List.of());
        }

        /** Returns the options, or throws if there are problems with these settings or some were found before. */
        OnnxOptions build(List<String> foundBefore) {
            List<String> problems = new ArrayList<>(foundBefore);
            requirePositive(problems, "intra-op-threads", intraOpThreadsOrDefault());
            requirePositive(problems, "inter-op-threads", interOpThreads);
            if (sharedThreadsOrDefault()
                    && (interOpThreads > 1 || intraOpThreadsOrDefault() != availableProcessors())) {
                problems.add("shared-threads is true with intra-op-threads " + intraOpThreadsOrDefault()
                        + " and inter-op-threads " + interOpThreads
                        + ", expected false: the number of shared threads cannot be chosen");
            }
            requirePositive(problems, "max-model-bytes", maxModelBytes);
            requirePositive(problems, "max-input-elements", maxInputElements);
            requirePositive(problems, "max-output-elements", maxOutputElements);
            if (!problems.isEmpty()) {
                throw new ConfigurationException("ONNX options: " + String.join("; ", problems));
            }
            return new OnnxOptions(this);
        }

        private static void requirePositive(List<String> problems, String name, long value) {
            if (value < 1) {
                problems.add(name + " is " + value + ", expected 1 or more");
            }
        }

        private int intraOpThreadsOrDefault() {
            return intraOpThreads.orElse(availableProcessors());
        }

        private boolean sharedThreadsOrDefault() {
            return sharedThreads.orElse(intraOpThreads.isEmpty() && interOpThreads == 1);
        }

        private static int availableProcessors() {
            return Runtime.getRuntime().availableProcessors();
        }
    }
}
