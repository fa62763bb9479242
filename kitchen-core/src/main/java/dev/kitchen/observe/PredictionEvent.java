package dev.kitchen.observe;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import java.util.Locale;
import java.util.Optional;

/**
 * A call that ended, told once, also where no version was reached or a fallback answered.
 *
 * @param version which version served it, or would have; {@code fallback} where a fallback's function answered, and empty
 *     where no version is known
 * @param requestId the caller's, where it gave one
 * @param rows how many rows its inputs have; 0 where they are not in rows
 * @param durationNanos from the moment the endpoint got the request
 * @param runNanos how long of that the model ran, also if it answered other calls at once; 0 where it did not run
 * @param failure empty where there was an answer
 * @param replaced the failure of the version that was asked, where a fallback answered in its place
 */
public record PredictionEvent(
        String model,
        String version,
        Optional<String> requestId,
        int rows,
        long durationNanos,
        long runNanos,
        Optional<KitchenException> failure,
        Optional<KitchenException> replaced) {

    /** Why there was no answer, as one of a few words; {@code none} where there was one. See {@link #reasonOf}. */
    public String reason() {
        return failure.map(PredictionEvent::reasonOf).orElse("none");
    }

    /**
     * A failure as one of a few words, for counting: {@code invalid}, {@code timeout}, {@code cancelled}, {@code
     * not_ready}, {@code backend}, or a {@linkplain RejectedException.Reason rejection's reason} in lower case.
     */
    public static String reasonOf(KitchenException failure) {
        if (failure instanceof RejectedException rejected) {
            return rejected.reason().name().toLowerCase(Locale.ROOT);
        }
        if (failure instanceof DeadlineExceededException) {
            return "timeout";
        }
        if (failure instanceof CancelledException) {
            return "cancelled";
        }
        if (failure instanceof InvalidRequestException) {
            return "invalid";
        }
        return failure instanceof NotReadyException || failure instanceof ModelNotFoundException
                ? "not_ready"
                : "backend";
    }
}
