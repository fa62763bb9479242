package dev.kitchen.observe;

import dev.kitchen.error.KitchenException;
import java.util.Optional;

/**
 * A call that ended.
 *
 * @param version which version served it, or would have
 * @param requestId the caller's, where it gave one
 * @param durationNanos from the moment the endpoint got the request
 * @param failure empty where there was an answer
 */
public record PredictionEvent(
        String model,
        String version,
        Optional<String> requestId,
        long durationNanos,
        Optional<KitchenException> failure) {}
