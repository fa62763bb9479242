package dev.kitchen;

import dev.kitchen.batch.BatchingPredictor;
import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers requests of a bulk call: several by one run where the version's rows are proven to be independent. */
final class BulkPredictions implements BulkWork<PredictionRequest, Prediction> {

    private final Endpoint endpoint;

    BulkPredictions(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public int mostRows(PredictionRequest first) {
        if (endpoint.caches(first.options())) {
            // A cache knows single questions.
            return 1;
        }
        try {
            return batching(model(first)).map(BatchingPredictor::maxItems).orElse(1);
        } catch (Throwable e) {
            // No version answers: each request shall say so.
            return 1;
        }
    }

    private ServedModel model(PredictionRequest request) {
        return endpoint.slot().peek(request.options().version());
    }

    private Optional<BatchingPredictor> batching(ServedModel model) {
        return endpoint.batching(model).filter(it -> it.refusal().isEmpty());
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
        return endpoint.predict(item);
    }

    @Override
    public List<Prediction> together(List<PredictionRequest> items) {
        PredictionRequest first = items.get(0);
        ServedModel asked = model(first);
        List<NamedValues> inputs = new ArrayList<>(items.size());
        items.forEach(it -> inputs.add(it.inputs()));
        NamedValues joined = NamedValues.joinRows(inputs);
        return endpoint.predictTogether(first.withInputs(joined), items, (model, prediction) -> {
            requireProven(asked, first, prediction);
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

    /** After a swap another version may have answered, whose rows may depend on one another. */
    private void requireProven(ServedModel asked, PredictionRequest request, Prediction prediction) {
        if (!model(request).equals(asked)
                || !asked.version().equals(prediction.version())
                || batching(asked).isEmpty()) {
            throw new InferenceException(asked.place() + ": was swapped during a bulk call");
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
