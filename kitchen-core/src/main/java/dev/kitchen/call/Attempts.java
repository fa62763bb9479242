package dev.kitchen.call;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingSlot;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The versions that one call asks, one after the other, and where the call is to be counted. For one thread. */
public final class Attempts {

    private final ServingSlot slot;
    private final Function<ServedVersion, PredictionRequest> requests;
    private @Nullable PredictionRequest request;
    private int count;
    private @Nullable ServedVersion first;
    private @Nullable ServedVersion last;
    private @Nullable KitchenException failure;

    /**
     * No version was asked yet.
     *
     * @param requests returns the request for a version
     * @param known the request, where it is the same for all versions
     */
    Attempts(ServingSlot slot, Function<ServedVersion, PredictionRequest> requests, @Nullable PredictionRequest known) {
        this.slot = slot;
        this.requests = requests;
        this.request = known;
    }

    /** Asks one version. What encoding the request throws passes as an {@link EncodingFailure}. */
    Prediction predict(String version, CallContext context) {
        last = null;
        count++;
        try {
            ServedVersion served = slot.acquire(version, context);
            try {
                last = served;
                request = requests.apply(served);
                return served.predict(request, context);
            } finally {
                served.release();
            }
        } catch (EncodingFailure e) {
            throw e;
        } catch (Throwable e) {
            ServedVersion served = last;
            KitchenException typed = ForeignCode.typed(served == null ? slot.place() : served.place(), e);
            if (count == 1) {
                failure = typed;
            }
            throw typed;
        } finally {
            if (count == 1) {
                first = last;
            }
        }
    }

    /** How many versions were asked, or looked for. */
    int count() {
        return count;
    }

    /** The request of the last attempt; null where no version was reached, and the request depends on it. */
    @Nullable
    PredictionRequest request() {
        return request;
    }

    /** The version that was asked first; null where it was not reached. */
    @Nullable
    ServedVersion first() {
        return first;
    }

    /** The version that was asked last; null where it was not reached. */
    @Nullable
    ServedVersion last() {
        return last;
    }

    /** Why the first one did not answer; null if it did. */
    @Nullable
    KitchenException failure() {
        return failure;
    }
}
