package dev.kitchen.onnx.run;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether models can share ONNX Runtime's threads. The process has one environment, which has threads to share only
 * if they were requested when it was created; another library may have created it without them.
 */
public final class SharedThreads {

    private static final Logger LOGGER = LoggerFactory.getLogger(SharedThreads.class);

    /** How ONNX Runtime begins to say that it has none. */
    private static final String REFUSAL = "not configured to use per session threadpools";

    private final AtomicBoolean missing = new AtomicBoolean();

    /** How many there are where this process makes the environment: they are as many as one model would have. */
    public static int count() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The options as they can be had. */
    public SessionSettings possible(SessionSettings options) {
        return missing.get() ? options.withoutSharedThreads() : options;
    }

    /** Whether a load failed for want of shared threads, so that it is to be tried without. */
    public boolean areMissing(SessionSettings options, String failure) {
        boolean refused = options.sharedThreads() && failure.contains(REFUSAL);
        if (refused && missing.compareAndSet(false, true)) {
            LOGGER.warn(
                    "each ONNX model has threads of its own: another part of this process made ONNX Runtime's environment"
                            + " first, without threads to share");
        }
        return refused;
    }
}
