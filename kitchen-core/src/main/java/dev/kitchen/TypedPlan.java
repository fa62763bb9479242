package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How typed calls are put to one version of a model, found out once. Immutable. */
final class TypedPlan<I, O> {

    private final String place;
    private final ServedVersion model;
    private final ModelSignature signature;
    private final Features.Encoder<I> encoder;
    private final OutputReader.Bound<O> reader;
    private final String[] outputs;
    private final CallOptions defaultOptions;
    private final boolean takesManyRows;

    private TypedPlan(ServedVersion model, Features.Encoder<I> encoder, OutputReader.Bound<O> reader) {
        this.place = model.place();
        this.model = model;
        this.signature = model.signature();
        this.encoder = encoder;
        this.reader = reader;
        this.outputs = reader.outputs().toArray(String[]::new);
        this.defaultOptions = CallOptions.requestedOutputs(outputs);
        this.takesManyRows = encoder.takesManyRows() && returnsManyRows();
    }

    /** Fits both sides to the version that is served now, or says all that does not fit. */
    static <I, O> TypedPlan<I, O> of(ServedVersion model, Features<I> features, OutputReader<O> reader) {
        ModelSignature signature = model.signature();
        String place = model.place();
        List<ConfigurationException> problems = new ArrayList<>();
        Features.Encoder<I> encoder =
                orProblem(() -> features.bind(signature, model.metadata().custom()), problems);
        OutputReader.Bound<O> bound =
                orProblem(() -> reader.bind(signature, model.metadata().custom()), problems);
        if (encoder == null || bound == null) {
            throw problem(place, problems);
        }
        return ForeignCode.call(
                place + ": binding features or outputs failed",
                () -> new TypedPlan<>(model, encoder, bound),
                ConfigurationException::new);
    }

    private static <T> @Nullable T orProblem(Supplier<T> side, List<ConfigurationException> problems) {
        try {
            return side.get();
        } catch (ConfigurationException e) {
            problems.add(e);
            return null;
        } catch (Throwable e) {
            problems.add(
                    new ConfigurationException("binding features or outputs failed: " + ForeignCode.describe(e), e));
            return null;
        }
    }

    private static ConfigurationException problem(String place, List<ConfigurationException> problems) {
        List<String> messages =
                problems.stream().map(it -> String.valueOf(it.getMessage())).toList();
        return new ConfigurationException(place + ": " + String.join("; ", messages), problems.get(0));
    }

    private boolean returnsManyRows() {
        return reader.outputs().stream()
                .map(signature::output)
                .noneMatch(it -> it.isPresent()
                        && it.get() instanceof TensorSpec spec
                        && spec.shape().rank() > 0
                        && spec.shape().dimension(0) >= 0);
    }

    /** The very same objects: equal signatures, or the same one, may be of versions whose metadata differ. */
    @SuppressWarnings("ReferenceEquality")
    boolean isFor(ServedVersion other) {
        return model == other && signature == other.signature();
    }

    /** Whether several items go into one run. */
    boolean takesManyRows() {
        return takesManyRows;
    }

    PredictionRequest request(I item, CallOptions options) {
        return request(() -> encoder.encode(item), options);
    }

    PredictionRequest requestForAll(List<I> items, CallOptions options) {
        return request(() -> encoder.encodeAll(items), options);
    }

    private PredictionRequest request(Supplier<NamedValues> encoding, CallOptions options) {
        try {
            return PredictionRequest.of(encoding.get(), merged(options));
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(place + ": " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            // What an accessor of the caller's throws is the caller's, and nothing is held yet.
            throw e;
        } catch (Throwable e) {
            throw ForeignCode.typed(place + ": encoding features failed", e, InvalidRequestException::new);
        }
    }

    private CallOptions merged(CallOptions options) {
        if (isDefault(options)) {
            return defaultOptions;
        }
        if (!options.requestedOutputs().isEmpty()) {
            throw new InvalidRequestException("requested outputs are " + options.requestedOutputs()
                    + ", expected none: a typed call asks for what it reads, " + reader.outputs());
        }
        return options.withRequestedOutputs(outputs);
    }

    @SuppressWarnings("ReferenceEquality") // other options without a setting only take the longer way
    private static boolean isDefault(CallOptions options) {
        return options == CallOptions.defaults();
    }

    O read(Prediction prediction, int row, int rows) {
        NamedValues values = prediction.outputs();
        try {
            return reader.read(values, row, rows);
        } catch (InferenceException | InvalidRequestException e) {
            throw new InferenceException(place + ": " + e.getMessage(), e);
        } catch (Throwable e) {
            throw ForeignCode.typed(place + ": reading outputs failed", e);
        }
    }

    /** One line per feature, and one for the answer. */
    String describe() {
        List<String> lines = new ArrayList<>();
        lines.add(place);
        encoder.describe().forEach(it -> lines.add("in   " + it));
        lines.add("out  " + reader.describe());
        return String.join("\n", lines);
    }
}
