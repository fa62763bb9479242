package dev.kitchen;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes from one who can answer to the next until one does. */
final class FallbackChain {

    private final String model;
    private final Fallback fallback;
    private final Ticker ticker;

    /** Asks one version. */
    interface Versions {
        Prediction predict(String version, PredictionRequest request, CallContext context);
    }

    FallbackChain(String model, Fallback fallback, Ticker ticker) {
        this.model = model;
        this.fallback = fallback;
        this.ticker = ticker;
    }

    /** The first answer there is; if there is none, the first failure, with the others suppressed. */
    Prediction predict(PredictionRequest request, CallContext context, Versions versions) {
        try {
            return versions.predict(request.options().version(), request, context);
        } catch (KitchenException e) {
            if (!isCured(e)) {
                throw e;
            }
            Prediction other = otherVersion(request, context, versions, e);
            Prediction answer = other == null ? function(request, context, e) : other;
            return answer.answeredBy(Source.FALLBACK, reason(e));
        }
    }

    private static boolean isCured(KitchenException e) {
        return !(e instanceof InvalidRequestException
                || e instanceof CancelledException
                || e instanceof ModelNotFoundException
                || e instanceof ConfigurationException);
    }

    private static String reason(KitchenException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private @Nullable Prediction otherVersion(
            PredictionRequest request, CallContext context, Versions versions, KitchenException first) {
        if (fallback.version().isEmpty() || context.isStopped()) {
            return null;
        }
        try {
            context.ranFor(0);
            return versions.predict(fallback.version().get(), request, context);
        } catch (KitchenException e) {
            first.addSuppressed(e);
            if (e instanceof CancelledException) {
                throw first;
            }
            return null;
        }
    }

    private Prediction function(PredictionRequest request, CallContext context, KitchenException first) {
        Function<PredictionRequest, Map<String, ? extends Value>> function =
                fallback.function().orElseThrow(() -> first);
        try {
            NamedValues values = asAskedFor(NamedValues.of(function.apply(request)), request);
            long nanos = ticker.nanoTime() - context.startNanos();
            return new Prediction(model, Fallback.FUNCTION, values, nanos);
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private static NamedValues asAskedFor(NamedValues values, PredictionRequest request) {
        List<String> names = request.options().requestedOutputs();
        Value[] asked = names.stream().map(values::value).toArray(Value[]::new);
        return (names.isEmpty() ? values : NamedValues.of(names, asked)).owned();
    }
}
