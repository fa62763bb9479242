package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import org.jspecify.annotations.Nullable;

/** Asks versions for one call, one after the other, and remembers where the call is to be counted. */
final class Attempts implements FallbackChain.Versions {

    private final ServingSlot slot;
    private boolean asked;
    private @Nullable ServedModel first;
    private @Nullable ServedModel last;
    private @Nullable KitchenException failure;

    Attempts(ServingSlot slot) {
        this.slot = slot;
    }

    @Override
    public Prediction predict(String version, PredictionRequest request, CallContext context) {
        last = null;
        try {
            ServedModel model = slot.acquire(version, context);
            try {
                last = model;
                return model.predict(request, context);
            } finally {
                model.release();
            }
        } catch (Throwable e) {
            ServedModel model = last;
            KitchenException typed = ForeignCode.typed(model == null ? slot.place() : model.place(), e);
            if (!asked) {
                failure = typed;
            }
            throw typed;
        } finally {
            if (!asked) {
                first = last;
                asked = true;
            }
        }
    }

    /** The version that was asked first; null where it was not reached. */
    @Nullable
    ServedModel first() {
        return first;
    }

    /** The version that was asked last; null where it was not reached. */
    @Nullable
    ServedModel last() {
        return last;
    }

    /** Why the first one did not answer; null if it did. */
    @Nullable
    KitchenException failure() {
        return failure;
    }
}
