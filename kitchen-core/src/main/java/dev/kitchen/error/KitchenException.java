package dev.kitchen.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything Kitchen throws. The tree is sealed: a {@code switch} over its kinds is complete, and plugins
 * throw only these. A message is one line of at most 4,000 characters: what else it is given is escaped and cut.
 */
public abstract sealed class KitchenException extends RuntimeException
        permits CancelledException,
                ConfigurationException,
                DeadlineExceededException,
                InferenceException,
                InvalidRequestException,
                ModelLoadException,
                ModelNotFoundException,
                NotReadyException,
                RegistryException,
                RejectedException {

    private static final long serialVersionUID = 1L;

    KitchenException(String message, @Nullable Throwable cause) {
        super(MessageText.message(message), cause);
    }

    /** For failures that are expected under load: filling a stack trace would cost more than the prediction. */
    KitchenException(String message, boolean withStackTrace) {
        super(MessageText.message(message), null, true, withStackTrace);
    }

    /** Whether the same request, sent again a little later, may succeed. */
    public abstract boolean retryable();
}
