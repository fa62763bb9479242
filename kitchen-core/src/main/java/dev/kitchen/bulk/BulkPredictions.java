package dev.kitchen.bulk;

import dev.kitchen.call.EndpointCalls;
import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Answers requests of a bulk call: several by one run where the version's rows are proven to be independent. */
public final class BulkPredictions implements BulkWork<PredictionRequest, Prediction> {

    private final EndpointCalls calls;
    private final boolean cached;

    /**
     * Predictions of an endpoint.
     *
     * @param cached whether the endpoint has a cache
     */
    public BulkPredictions(EndpointCalls calls, boolean cached) {
        this.calls = calls;
        this.cached = cached;
    }

    @Override
    public int mostRows(PredictionRequest first) {
        if (cached && first.options().cacheMode() != CallOptions.CacheMode.BYPASS) {
            // A cache knows single requests only.
            return 1;
        }
        try {
            return version(first).pipeline().maxRows();
        } catch (Throwable e) {
            // No version answers: each request reports that for itself.
            return 1;
        }
    }

    private ServedVersion version(PredictionRequest request) {
        return calls.slot().peek(request.options().version());
    }

    @Override
    public int rows(PredictionRequest item) {
        return item.options().requestId().isPresent() ? 0 : item.inputs().rowCount();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // equal options only take the longer way
    public boolean joins(PredictionRequest one, PredictionRequest other) {
        return one.options() == other.options() && one.inputs().joinsWith(other.inputs());
    }

    @Override
    public Prediction alone(PredictionRequest item) {
        return calls.predict(item);
    }

    @Override
    public List<Prediction> together(List<PredictionRequest> items) {
        List<NamedValues> inputs = new ArrayList<>(items.size());
        items.forEach(item -> inputs.add(item.inputs()));
        NamedValues joined = NamedValues.joinRows(inputs);
        return calls.predictTogether(items.get(0).withInputs(joined), items, (version, prediction) -> {
            requireIndependentRows(version);
            requireRows(prediction, joined.rowCount());
            return apart(prediction, inputs);
        });
    }

    private static List<Prediction> apart(Prediction prediction, List<NamedValues> inputs) {
        List<Prediction> parts = new ArrayList<>(inputs.size());
        int from = 0;
        for (NamedValues part : inputs) {
            parts.add(new Prediction(
                    prediction.model(),
                    prediction.version(),
                    prediction.outputs().rows(from, part.rowCount()),
                    prediction.duration().toNanos()));
            from += part.rowCount();
        }
        return parts;
    }

    /** The version that answered may be another one than was asked how many rows it takes. */
    private static void requireIndependentRows(ServedVersion version) {
        if (version.pipeline().maxRows() == 1) {
            throw new InferenceException(version.place() + ": does not take requests together");
        }
    }

    private static void requireRows(Prediction prediction, int rows) {
        NamedValues outputs = prediction.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            if (!(outputs.value(i) instanceof Tensor tensor)
                    || tensor.shape().rank() == 0
                    || tensor.shape().dimension(0) != rows) {
                throw new InferenceException("output '" + outputs.name(i) + "' has not " + rows + " rows");
            }
        }
    }
}
