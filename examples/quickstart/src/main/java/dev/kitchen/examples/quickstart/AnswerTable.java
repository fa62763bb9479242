package dev.kitchen.examples.quickstart;

import dev.kitchen.predict.Prediction;
import dev.kitchen.spi.ModelMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Answers of a classifier as lines of text, in columns named by what the model says about itself. */
record AnswerTable(List<String> features, List<String> labels) {

    private static final String TEXT = "%-22s%-12s";
    private static final String NUMBER = "%12s";

    static AnswerTable of(ModelMetadata metadata) {
        return new AnswerTable(names(metadata, "kitchen.features"), names(metadata, "kitchen.labels"));
    }

    private static List<String> names(ModelMetadata metadata, String key) {
        return List.of(metadata.custom().getOrDefault(key, "").split(",", -1));
    }

    String heading() {
        StringBuilder line = new StringBuilder("[" + String.join(", ", features) + "]\n");
        line.append(TEXT.formatted("input", "answer"));
        labels.forEach(it -> line.append(NUMBER.formatted(it)));
        return line.append(NUMBER.formatted("version"))
                .append(NUMBER.formatted("time"))
                .toString();
    }

    String row(float[] input, Prediction prediction) {
        float[] probabilities = prediction.tensor("probabilities").toFloatArray();
        StringBuilder line = new StringBuilder(TEXT.formatted(Arrays.toString(input), best(probabilities)));
        for (float probability : probabilities) {
            line.append(NUMBER.formatted(String.format(Locale.ROOT, "%.1f %%", 100 * probability)));
        }
        return line.append(NUMBER.formatted(prediction.version()))
                .append(NUMBER.formatted(microseconds(prediction.duration().toNanos())))
                .toString();
    }

    private String best(float[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return labels.get(best);
    }

    static String microseconds(long nanos) {
        return String.format(Locale.ROOT, "%,.1f us", nanos / 1_000.0);
    }
}
