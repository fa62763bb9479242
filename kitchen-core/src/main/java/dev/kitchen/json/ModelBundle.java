package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.ModelSignature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a directory with a model says about it in its {@value #FILE_NAME}, every part of it optional. Immutable. */
public final class ModelBundle {

    /** The file that makes a directory a bundle. */
    public static final String FILE_NAME = "kitchen.json";

    private final Builder parts;

    private ModelBundle(Builder parts) {
        this.parts = parts;
    }

    /**
     * Reads the bundle of a directory.
     *
     * @return empty if the directory has no {@value #FILE_NAME}
     * @throws ModelLoadException naming what is wrong in the file, and where
     */
    public static Optional<ModelBundle> in(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String place = "bundle " + file;
        if (!Files.isRegularFile(file)) {
            throw new ModelLoadException(place + ": is not a file, expected one with JSON in it");
        }
        JsonOptions options = JsonOptions.defaults();
        try (InputStream content = Files.newInputStream(file)) {
            return Optional.of(BundleReader.read(place, content.readNBytes(options.maxBytes() + 1), options));
        } catch (IOException e) {
            throw new ModelLoadException(place + ": cannot be read: " + e, e);
        } catch (InvalidRequestException e) {
            throw new ModelLoadException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Which file of the directory is the model; a plain name. Empty where there is only one that can be. */
    public Optional<String> model() {
        return parts.model;
    }

    /** What the model is to take and return. */
    public Optional<ModelSignature> signature() {
        return parts.signature;
    }

    /** Questions whose answers are known, in the file's order. */
    public List<GoldenCase> goldenCases() {
        return parts.goldenCases;
    }

    /** How many rows at a time the model is to answer; each at least 1, none twice. */
    public List<Integer> batchSizes() {
        return parts.batchSizes;
    }

    /** How long one answer may take. */
    public Optional<Duration> latencyBudget() {
        return parts.latencyBudget;
    }

    /** How much memory the model may take. */
    public OptionalLong memoryBudgetBytes() {
        return parts.memoryBudgetBytes;
    }

    /** How good the model is, by whatever measures; finite numbers. */
    public Map<String, Double> metrics() {
        return parts.metrics;
    }

    /** Where the model comes from. */
    public Map<String, String> lineage() {
        return parts.lineage;
    }

    public Map<String, String> tags() {
        return parts.tags;
    }

    /** The names of the columns of the model's one matrix, in their order; empty where they are not told. */
    public List<String> features() {
        return parts.features;
    }

    /** What the file says besides, as paths such as {@code golden[0].comment}; at most 100, for a warning. */
    public List<String> unknownFields() {
        return parts.unknownFields;
    }

    /** Collects the parts of a bundle; not thread-safe. */
    static final class Builder {

        private Optional<String> model = Optional.empty();
        private Optional<ModelSignature> signature = Optional.empty();
        private List<GoldenCase> goldenCases = List.of();
        private List<Integer> batchSizes = List.of();
        private Optional<Duration> latencyBudget = Optional.empty();
        private OptionalLong memoryBudgetBytes = OptionalLong.empty();
        private Map<String, Double> metrics = Map.of();
        private Map<String, String> lineage = Map.of();
        private Map<String, String> tags = Map.of();
        private List<String> features = List.of();
        private List<String> unknownFields = List.of();

        void model(String fileName) {
            model = Optional.of(fileName);
        }

        void signature(ModelSignature expected) {
            signature = Optional.of(expected);
        }

        void goldenCases(List<GoldenCase> cases) {
            goldenCases = List.copyOf(cases);
        }

        void batchSizes(List<Integer> sizes) {
            batchSizes = List.copyOf(sizes);
        }

        void latencyBudget(Duration budget) {
            latencyBudget = Optional.of(budget);
        }

        void memoryBudgetBytes(long bytes) {
            memoryBudgetBytes = OptionalLong.of(bytes);
        }

        void metrics(Map<String, Double> values) {
            metrics = unmodifiable(values);
        }

        void lineage(Map<String, String> values) {
            lineage = unmodifiable(values);
        }

        void tags(Map<String, String> values) {
            tags = unmodifiable(values);
        }

        void features(List<String> names) {
            features = List.copyOf(names);
        }

        void unknownFields(List<String> paths) {
            unknownFields = List.copyOf(paths);
        }

        private static <V> Map<String, V> unmodifiable(Map<String, V> values) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        ModelBundle build() {
            return new ModelBundle(this);
        }
    }
}
