package dev.kitchen.models;

import dev.kitchen.codec.Features;
import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.json.ModelBundle;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A loaded model whose bundle names its columns: its metadata say them as if the model did. */
final class BundledSession implements InferenceSession {

    private static final String KEY = "kitchen.features";

    private final InferenceSession session;
    private final ModelMetadata metadata;

    private BundledSession(InferenceSession session, ModelMetadata metadata) {
        this.session = session;
        this.metadata = metadata;
    }

    /**
     * The session with what its bundle says about it.
     *
     * @throws ModelLoadException if the names contradict the model
     */
    static InferenceSession of(InferenceSession session, ModelBundle bundle, String place) {
        List<String> names = bundle.features();
        if (names.isEmpty()) {
            return session;
        }
        requireMatrix(session.signature(), names, place);
        List<String> own = Features.columnNames(session.metadata().custom());
        if (!own.isEmpty() && !own.equals(names)) {
            throw new ModelLoadException(place + ": features are " + shown(names) + ", expected " + shown(own)
                    + ", as the model itself names its columns, or none");
        }
        return own.isEmpty() ? new BundledSession(session, named(session.metadata(), names)) : session;
    }

    private static void requireMatrix(ModelSignature signature, List<String> names, String place) {
        if (signature.inputs().size() != 1
                || !(signature.inputs().get(0) instanceof TensorSpec spec)
                || spec.shape().rank() != 2) {
            throw new ModelLoadException(place + ": features name " + names.size()
                    + " columns, expected a model that takes one matrix, this one takes "
                    + shown(signature.inputs()));
        }
        long columns = spec.shape().dimension(1);
        if (columns != Shape.DYNAMIC && columns != names.size()) {
            throw new ModelLoadException(place + ": features name " + names.size() + " columns " + shown(names)
                    + ", expected " + columns + ", as input '" + MessageText.of(spec.name()) + "' has shape "
                    + spec.shape());
        }
    }

    private static String shown(List<?> list) {
        return MessageText.of(list.toString());
    }

    private static ModelMetadata named(ModelMetadata metadata, List<String> names) {
        Map<String, String> custom = new LinkedHashMap<>(metadata.custom());
        custom.put(KEY, names.stream().map(BundledSession::quoted).collect(Collectors.joining(", ", "[", "]")));
        return new ModelMetadata(
                metadata.backend(),
                metadata.producer(),
                metadata.graph(),
                metadata.domain(),
                metadata.description(),
                metadata.version(),
                custom);
    }

    /** So that names may hold commas and quotes. */
    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public ModelSignature signature() {
        return session.signature();
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public NamedValues run(NamedValues inputs, List<String> outputs, RunContext context) {
        return session.run(inputs, outputs, context);
    }

    @Override
    public Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
        return session.bind(inputs, outputs);
    }

    @Override
    public RowDependence rowDependence() {
        return session.rowDependence();
    }

    @Override
    public void close() {
        session.close();
    }
}
