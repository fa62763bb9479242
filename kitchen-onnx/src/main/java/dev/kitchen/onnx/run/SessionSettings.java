package dev.kitchen.onnx.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a session of ONNX Runtime is created with, and the limits of its inputs and outputs.
 *
 * @param intraOpThreads the threads that share the work of one operator, if the session does not share threads
 * @param interOpThreads the operators of one run that are computed at the same time
 * @param sharedThreads whether the session uses the threads that all sessions of the process share
 * @param optimizationLevel ONNX Runtime's number of the level to which graphs are rewritten: 0, 1, 2 or 99
 * @param memoryArena whether the CPU allocator keeps memory for later runs
 * @param providers the execution providers, most preferred first
 * @param customOpLibraries the shared libraries with custom operators
 * @param maxInputElements the most elements of one input
 * @param maxOutputElements the most elements of one output
 */
public record SessionSettings(
        int intraOpThreads,
        int interOpThreads,
        boolean sharedThreads,
        int optimizationLevel,
        boolean memoryArena,
        List<Provider> providers,
        List<Path> customOpLibraries,
        long maxInputElements,
        long maxOutputElements) {

    /**
     * An execution provider.
     *
     * @param name its name in upper case, such as CUDA
     * @param options its options, in the provider's own words
     */
    public record Provider(String name, Map<String, String> options) {}

    /** Returns the same settings for a session with threads of its own. */
    SessionSettings withoutSharedThreads() {
        return new SessionSettings(
                intraOpThreads,
                interOpThreads,
                false,
                optimizationLevel,
                memoryArena,
                providers,
                customOpLibraries,
                maxInputElements,
                maxOutputElements);
    }
}
