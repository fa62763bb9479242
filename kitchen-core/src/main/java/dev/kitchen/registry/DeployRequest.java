package dev.kitchen.registry;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be deployed: a model file, or a directory with one, its external data and a {@code kitchen.json}. Immutable.
 */
public final class DeployRequest {

    private final String model;
    private final Path source;
    private final Optional<String> version;
    private final Map<String, Double> metrics;
    private final Map<String, String> lineage;
    private final Map<String, String> tags;
    private final boolean activate;
    private final boolean force;

    private DeployRequest(Builder builder) {
        this.model = builder.model;
        this.source = builder.source;
        this.version = builder.version;
        this.metrics = Map.copyOf(builder.metrics);
        this.lineage = Map.copyOf(builder.lineage);
        this.tags = Map.copyOf(builder.tags);
        this.activate = builder.activate;
        this.force = builder.force;
    }

    /**
     * Begins a request.
     *
     * @param model letters, digits, {@code .}, {@code _} and {@code -}; begins with a letter or digit; at most 128
     * @param source a model file or a directory; copied
     */
    public static Builder of(String model, Path source) {
        return new Builder(model, source);
    }

    public String model() {
        return model;
    }

    public Path source() {
        return source;
    }

    /** Empty for the next number. */
    public Optional<String> version() {
        return version;
    }

    public Map<String, Double> metrics() {
        return metrics;
    }

    public Map<String, String> lineage() {
        return lineage;
    }

    public Map<String, String> tags() {
        return tags;
    }

    public boolean activate() {
        return activate;
    }

    public boolean force() {
        return force;
    }

    /** Collects a request; not thread-safe. */
    public static final class Builder {

        private final String model;
        private final Path source;
        private Optional<String> version = Optional.empty();
        private final Map<String, Double> metrics = new LinkedHashMap<>();
        private final Map<String, String> lineage = new LinkedHashMap<>();
        private final Map<String, String> tags = new LinkedHashMap<>();
        private boolean activate;
        private boolean force;

        private Builder(String model, Path source) {
            this.model = model;
            this.source = source;
        }

        /** Characters as in a model's name, at most 64; not {@code latest}. If unset, the next number. */
        public Builder version(String name) {
            this.version = Optional.of(name);
            return this;
        }

        /** How good the version is: {@code auc}, {@code rmse}. A finite number. */
        public Builder metric(String name, double value) {
            metrics.put(name, value);
            return this;
        }

        /**
         * Where the version comes from: {@code source}, {@code run_id}, {@code git_commit}, {@code training_data}. If unset,
         * {@code parent_version} is the version that is current, and {@code registered_by} user and machine.
         */
        public Builder lineage(String key, String value) {
            lineage.put(key, value);
            return this;
        }

        public Builder tag(String key, String value) {
            tags.put(key, value);
            return this;
        }

        /** Makes the version the current one once it has proved itself. The first version of a model becomes it anyway. */
        public Builder activate() {
            this.activate = true;
            return this;
        }

        /**
         * Deploys even though the version takes or returns something else than the current one, exceeds its budget, or
         * could not be tried for lack of golden cases. Golden cases that fail are never passed over.
         */
        public Builder force() {
            this.force = true;
            return this;
        }

        public DeployRequest build() {
            return new DeployRequest(this);
        }
    }
}
