package dev.kitchen.registry;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** One version of a model: what is registered, and what this process makes of it. Immutable. */
public final class VersionInfo {

    /** What the registry wants of a version; the same in all processes. */
    public enum Status {
        /** It can be activated. */
        REGISTERED,
        /** It is the current one. */
        ACTIVE,
        /** It is kept, but not loaded. */
        RETIRED,
        /** It did not prove itself when it was deployed. */
        REJECTED
    }

    /** What a version is in this process. */
    public enum State {
        /** On its way into memory. */
        LOADING,
        /** It answers. */
        READY,
        /** On its way out of memory, as soon as its last call has ended. */
        UNLOADING,
        /** Not in memory. */
        UNAVAILABLE
    }

    /**
     * What this process makes of a version.
     *
     * @param stateReason why it is unavailable; empty otherwise
     * @param loadedSince since when it is in memory
     * @param inFlight how many calls it is answering now
     */
    public record RuntimeFacts(State state, String stateReason, Optional<Instant> loadedSince, long inFlight) {

        /** What holds for a version that this process has nothing to do with. */
        public static final RuntimeFacts NOT_LOADED = unavailable("not loaded");

        public static RuntimeFacts unavailable(String reason) {
            return new RuntimeFacts(State.UNAVAILABLE, reason, Optional.empty(), 0);
        }
    }

    private final Builder facts;
    private final RuntimeFacts runtime;

    private VersionInfo(Builder facts, RuntimeFacts runtime) {
        this.facts = facts;
        this.runtime = runtime;
    }

    public String model() {
        return facts.model;
    }

    public String version() {
        return facts.version;
    }

    /** The model file, or the directory with it. Absolute. */
    public Path path() {
        return facts.path;
    }

    public Status status() {
        return facts.status;
    }

    /** When it was registered, where that is known. */
    public Optional<Instant> createdAt() {
        return facts.createdAt;
    }

    /** How good it is, by whatever measures its maker wrote down. */
    public Map<String, Double> metrics() {
        return facts.metrics;
    }

    /** Where it comes from: source, run, commit, training data. */
    public Map<String, String> lineage() {
        return facts.lineage;
    }

    public Map<String, String> tags() {
        return facts.tags;
    }

    /** Of all its files; 0 where nobody counted. */
    public long sizeBytes() {
        return facts.sizeBytes;
    }

    /** SHA-256 of its manifest, which has that of each file; empty for one that was put there by hand. */
    public Optional<String> sha256() {
        return facts.sha256;
    }

    /** The backend that loaded it when it was deployed. */
    public Optional<String> backend() {
        return facts.backend;
    }

    /** Why it was rejected; empty otherwise. */
    public String reason() {
        return facts.reason;
    }

    public RuntimeFacts runtime() {
        return runtime;
    }

    /** The same version, as a process sees it. */
    public VersionInfo withRuntime(RuntimeFacts seen) {
        return new VersionInfo(facts, seen);
    }

    public static Builder builder(String model, String version, Path path) {
        return new Builder(model, version, path);
    }

    @Override
    public String toString() {
        return facts.model + " " + facts.version + " " + facts.status + " " + runtime.state();
    }

    /** Collects what is registered of a version; not thread-safe. */
    public static final class Builder {

        private final String model;
        private final String version;
        private final Path path;
        private Status status = Status.REGISTERED;
        private Optional<Instant> createdAt = Optional.empty();
        private Map<String, Double> metrics = Map.of();
        private Map<String, String> lineage = Map.of();
        private Map<String, String> tags = Map.of();
        private long sizeBytes;
        private Optional<String> sha256 = Optional.empty();
        private Optional<String> backend = Optional.empty();
        private String reason = "";

        private Builder(String model, String version, Path path) {
            this.model = model;
            this.version = version;
            this.path = path;
        }

        private Builder(Builder other) {
            this(other.model, other.version, other.path);
            this.status = other.status;
            this.createdAt = other.createdAt;
            this.metrics = Map.copyOf(other.metrics);
            this.lineage = Map.copyOf(other.lineage);
            this.tags = Map.copyOf(other.tags);
            this.sizeBytes = other.sizeBytes;
            this.sha256 = other.sha256;
            this.backend = other.backend;
            this.reason = other.reason;
        }

        public Builder status(Status registered) {
            this.status = registered;
            return this;
        }

        public Builder createdAt(Instant at) {
            this.createdAt = Optional.of(at);
            return this;
        }

        public Builder metrics(Map<String, Double> values) {
            this.metrics = values;
            return this;
        }

        public Builder lineage(Map<String, String> values) {
            this.lineage = values;
            return this;
        }

        public Builder tags(Map<String, String> values) {
            this.tags = values;
            return this;
        }

        public Builder sizeBytes(long bytes) {
            this.sizeBytes = bytes;
            return this;
        }

        public Builder sha256(String hex) {
            this.sha256 = Optional.of(hex);
            return this;
        }

        public Builder backend(String name) {
            this.backend = Optional.of(name);
            return this;
        }

        public Builder reason(String words) {
            this.reason = words;
            return this;
        }

        public VersionInfo build() {
            return new VersionInfo(new Builder(this), RuntimeFacts.NOT_LOADED);
        }
    }
}
