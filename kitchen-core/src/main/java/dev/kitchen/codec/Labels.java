package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one label per row: from scores, the label of the greatest (the first of equals), where scores are a FLOAT or
 * DOUBLE tensor of shape [rows, labels] or scikit-learn's maps; where a model has no scores, from its own answer, an
 * integer that counts labels from 0, or a text. A NaN among the scores, or an answer that is none of the labels, is an
 * {@link dev.kitchen.error.InferenceException}.
 */
public final class Labels implements OutputReader<String> {

    private final List<String> labels;
    private final @Nullable String output;

    private Labels(List<String> labels, @Nullable String output) {
        this.labels = labels;
        this.output = output;
    }

    /** These labels, in the order of the model's classes. */
    public static Labels of(String... labels) {
        List<String> list = List.of(labels);
        if (list.isEmpty() || list.stream().distinct().count() != list.size()) {
            throw new ConfigurationException(
                    "labels are " + MessageText.of(list) + ", expected one or more, each once");
        }
        return new Labels(list, null);
    }

    /** These labels, read from the output of that name. */
    public Labels from(String outputName) {
        return new Labels(labels, outputName);
    }

    @Override
    public Bound<String> bind(ModelSignature signature) {
        ValueSpec spec = output == null ? onlyCandidate(signature) : named(output, signature);
        if (Rows.areScores(spec)) {
            return new LabelReaders.OfScores(labels, (TensorSpec) spec);
        }
        return Rows.areMaps(spec)
                ? LabelReaders.OfMaps.of(labels, spec)
                : new LabelReaders.OfClasses(labels, (TensorSpec) spec);
    }

    private ValueSpec named(String name, ModelSignature signature) {
        ValueSpec spec = signature
                .output(name)
                .orElseThrow(() -> new ConfigurationException("no output '" + MessageText.of(name)
                        + "', the model returns " + MessageText.of(signature.outputs())));
        if (!canServe(spec)) {
            throw nothingServes(List.of(spec));
        }
        return spec;
    }

    /** Scores before the model's own answer: they show a NaN, which a class hides. */
    private ValueSpec onlyCandidate(ModelSignature signature) {
        List<ValueSpec> scores = candidates(signature, it -> Rows.areScores(it) || Rows.areMaps(it));
        List<ValueSpec> candidates = scores.isEmpty() ? candidates(signature, Rows::areClasses) : scores;
        if (candidates.isEmpty()) {
            throw nothingServes(signature.outputs());
        }
        if (candidates.size() > 1) {
            throw new ConfigurationException("labels could come from several outputs, " + MessageText.of(candidates)
                    + ": name one with Labels.of(...).from(\""
                    + MessageText.of(candidates.get(0).name()) + "\")");
        }
        return candidates.get(0);
    }

    private List<ValueSpec> candidates(ModelSignature signature, Predicate<ValueSpec> kind) {
        return signature.outputs().stream().filter(kind).filter(this::hasRoom).toList();
    }

    private boolean canServe(ValueSpec spec) {
        return (Rows.areScores(spec) || Rows.areMaps(spec) || Rows.areClasses(spec)) && hasRoom(spec);
    }

    /** Whether there may be a score for each label. */
    private boolean hasRoom(ValueSpec spec) {
        return columns(spec).filter(it -> it != labels.size()).isEmpty();
    }

    private static Optional<Long> columns(ValueSpec spec) {
        return Stream.of(spec)
                .filter(Rows::areScores)
                .map(it -> ((TensorSpec) it).shape().dimension(1))
                .filter(it -> it != Shape.DYNAMIC)
                .findFirst();
    }

    private ConfigurationException nothingServes(List<ValueSpec> outputs) {
        return new ConfigurationException(labels.size() + " labels cannot be read from " + MessageText.of(outputs)
                + ", expected FLOAT or DOUBLE scores of shape [-1, " + labels.size()
                + "], a sequence of maps to scores, or one integer or text a row");
    }
}
