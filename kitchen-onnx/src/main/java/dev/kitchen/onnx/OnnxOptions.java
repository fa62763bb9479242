package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How ONNX Runtime runs models.
 *
 * @param intraOpThreads threads that share the work of one operator; by default the CPUs this container really has
 * @param interOpThreads operators that run side by side; 1, the default, runs them one after the other
 * @param sharedThreads whether all models of the process share the threads for their operators, as many as there are CPUs;
 *     the default, until {@code intraOpThreads} or more than one of {@code interOpThreads} are asked for: a model has
 *     threads of its own then
 * @param optimization how much ONNX Runtime rewrites the graph at load; by default all it can
 * @param memoryArena whether the CPU allocator keeps memory for later runs; by default it does
 * @param executionProviders where to run, best first; what is not there is left out with one warning, and the CPU
 *     always comes last; empty by default
 * @param customOpLibraries shared libraries with operators of your own; they are native code and run with all rights
 * @param maxModelBytes the largest model file to load, without its external data; by default 2 GiB - 1, the most an
 *     ONNX file can have
 * @param maxInputElements the most elements that a tensor of a request may have, or all tensors of a sequence together; by
 *     default 2^27 (134,217,728), which is 512 MiB of FLOAT
 * @param maxOutputElements the most elements that an output may have; the same default. A request of a few bytes can name
 *     a shape that takes all memory; raise the limit for models with larger outputs
 * @param api how ONNX Runtime is called; by default the best way there is
 */
public record OnnxOptions(
        int intraOpThreads,
        int interOpThreads,
        boolean sharedThreads,
        Optimization optimization,
        boolean memoryArena,
        List<ExecutionProvider> executionProviders,
        List<Path> customOpLibraries,
        long maxModelBytes,
        long maxInputElements,
        long maxOutputElements,
        Api api) {

    private static final long DEFAULT_MAX_ELEMENTS = 1L << 27;

    private static final OnnxOptions DEFAULTS = new OnnxOptions(
            Runtime.getRuntime().availableProcessors(),
            1,
            true,
            Optimization.ALL,
            true,
            List.of(),
            List.of(),
            Integer.MAX_VALUE,
            DEFAULT_MAX_ELEMENTS,
            DEFAULT_MAX_ELEMENTS,
            Api.AUTO);

    /** How ONNX Runtime is called. All ways lead to the same library and give the same answers. */
    public enum Api {
        /** Through C where that is possible, else through Java. */
        AUTO,
        /** Through ONNX Runtime's own Java API: on every JDK. */
        JAVA,
        /** Through its C API: on JDK 22 and newer; several times faster, and for all element types. */
        C
    }

    /** How much ONNX Runtime rewrites the graph at load. */
    public enum Optimization {
        /** The graph as it is in the file. */
        NONE,
        /** What keeps the graph portable, such as constant folding. */
        BASIC,
        /** Also fused operators. */
        EXTENDED,
        /** Also memory layouts for this machine. */
        ALL
    }

    /**
     * Checks the values.
     *
     * @throws ConfigurationException naming every value that is wrong
     */
    public OnnxOptions {
        executionProviders = List.copyOf(executionProviders);
        customOpLibraries = List.copyOf(customOpLibraries);
        List<String> problems = new ArrayList<>();
        if (intraOpThreads < 1) {
            problems.add("intra-op-threads is " + intraOpThreads + ", expected 1 or more");
        }
        if (interOpThreads < 1) {
            problems.add("inter-op-threads is " + interOpThreads + ", expected 1 or more");
        }
        if (sharedThreads
                && (interOpThreads > 1 || intraOpThreads != Runtime.getRuntime().availableProcessors())) {
            problems.add("shared-threads is true with intra-op-threads " + intraOpThreads + " and inter-op-threads "
                    + interOpThreads + ", expected false: threads of a number of their own are not shared");
        }
        if (maxModelBytes < 1) {
            problems.add("max-model-bytes is " + maxModelBytes + ", expected 1 or more");
        }
        if (maxInputElements < 1) {
            problems.add("max-input-elements is " + maxInputElements + ", expected 1 or more");
        }
        if (maxOutputElements < 1) {
            problems.add("max-output-elements is " + maxOutputElements + ", expected 1 or more");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("ONNX options: " + String.join("; ", problems));
        }
    }

    public static OnnxOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Options from texts, as a properties file has them; what is not there keeps its default. Keys are
     * {@code intra-op-threads}, {@code inter-op-threads}, {@code shared-threads} (true, false), {@code optimization} (none, basic, extended, all),
     * {@code memory-arena} (true, false), {@code execution-providers} and {@code custom-op-libraries} (separated by
     * commas), {@code max-model-bytes}, {@code max-input-elements}, {@code max-output-elements} and {@code api} (auto,
     * java, c).
     *
     * @throws ConfigurationException naming every key that is unknown and every value that is wrong
     */
    public static OnnxOptions of(Map<String, String> texts) {
        return OnnxOptionTexts.parse(texts);
    }

    /** Threads of its own for each model, which are not shared. */
    public OnnxOptions withIntraOpThreads(int threads) {
        return new OnnxOptions(
                threads,
                interOpThreads,
                false,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withInterOpThreads(int threads) {
        return new OnnxOptions(
                intraOpThreads,
                threads,
                sharedThreads && threads == 1,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    /** Whether models run with the threads that the process shares; without them each model has as many of its own. */
    public OnnxOptions withSharedThreads(boolean enabled) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                enabled,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withOptimization(Optimization level) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                level,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withMemoryArena(boolean enabled) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                enabled,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withExecutionProviders(ExecutionProvider... providers) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                memoryArena,
                List.of(providers),
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withCustomOpLibraries(Path... libraries) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                memoryArena,
                executionProviders,
                List.of(libraries),
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withMaxModelBytes(long bytes) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                bytes,
                maxInputElements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withMaxInputElements(long elements) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                elements,
                maxOutputElements,
                api);
    }

    public OnnxOptions withMaxOutputElements(long elements) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                elements,
                api);
    }

    public OnnxOptions withApi(Api choice) {
        return new OnnxOptions(
                intraOpThreads,
                interOpThreads,
                sharedThreads,
                optimization,
                memoryArena,
                executionProviders,
                customOpLibraries,
                maxModelBytes,
                maxInputElements,
                maxOutputElements,
                choice);
    }
}
