package dev.kitchen.predict;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a caller may ask of one call besides its answer. Immutable. */
public final class CallOptions {

    /** The longest request id. */
    public static final int MAX_REQUEST_ID_LENGTH = 256;

    /** The longest name of an output, a version, an alias or a parameter. */
    public static final int MAX_NAME_LENGTH = 1_000;

    /** How many parameters a call may have. */
    public static final int MAX_PARAMETERS = 1_000;

    /** How many characters the names and values of all parameters of a call may have together. */
    public static final int MAX_PARAMETER_CHARACTERS = 1 << 20;

    /** What a call may want of a cache, where its endpoint has one. */
    public enum CacheMode {
        /** An answer of the cache will do; one of the model is kept. */
        USE,
        /** The cache has no part in the call. */
        BYPASS,
        /** The model answers, and the cache keeps that answer in place of an older one. */
        REFRESH
    }

    private static final CallOptions DEFAULTS = new Builder().build();

    private final @Nullable Duration timeLimit;
    private final List<String> requestedOutputs;
    private final @Nullable String requestId;
    private final String version;
    private final @Nullable String routingKey;
    private final CacheMode cacheMode;
    private final SortedMap<String, String> parameters;

    private CallOptions(Builder builder) {
        this.timeLimit = builder.timeLimit;
        this.requestedOutputs = builder.requestedOutputs;
        this.requestId = builder.requestId;
        this.version = builder.version;
        this.routingKey = builder.routingKey;
        this.cacheMode = builder.cacheMode;
        this.parameters = Collections.unmodifiableSortedMap(new TreeMap<>(builder.parameters));
    }

    /** The kitchen's time limit, all outputs, the current version, no id, no parameters; an answer of a cache will do. */
    public static CallOptions defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Options that only limit the time. See {@link Builder#timeLimit}. */
    public static CallOptions timeLimit(Duration limit) {
        return builder().timeLimit(limit).build();
    }

    /** Options that only choose outputs. See {@link Builder#requestedOutputs}. */
    public static CallOptions requestedOutputs(String... names) {
        return builder().requestedOutputs(names).build();
    }

    /** How long the whole call may take; empty for the kitchen's default. */
    public Optional<Duration> timeLimit() {
        return Optional.ofNullable(timeLimit);
    }

    /** The outputs to compute, in the order asked for; empty for all. */
    public List<String> requestedOutputs() {
        return requestedOutputs;
    }

    /** Options that only choose a version. See {@link Builder#version}. */
    public static CallOptions version(String versionOrAlias) {
        return builder().version(versionOrAlias).build();
    }

    /** The version or alias that is to answer; empty for the one that the endpoint chooses. */
    public String version() {
        return version;
    }

    /** What the call belongs to, such as a user or a session; empty if unset. See {@link Builder#routingKey}. */
    public Optional<String> routingKey() {
        return Optional.ofNullable(routingKey);
    }

    /** Options that only say what a cache may do. See {@link Builder#cacheMode}. */
    public static CallOptions cacheMode(CacheMode mode) {
        return builder().cacheMode(mode).build();
    }

    /** What a cache may do for this call. */
    public CacheMode cacheMode() {
        return cacheMode;
    }

    /** What belongs to the request besides its inputs, in the order of the names. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The caller's name for this call, for logs and events. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** These options with other outputs. See {@link Builder#requestedOutputs}. */
    public CallOptions withRequestedOutputs(String... names) {
        return copy().requestedOutputs(names).build();
    }

    /** These options with another version. See {@link Builder#version}. */
    public CallOptions withVersion(String versionOrAlias) {
        return copy().version(versionOrAlias).build();
    }

    private Builder copy() {
        Builder copy = new Builder();
        copy.timeLimit = timeLimit;
        copy.requestedOutputs = requestedOutputs;
        copy.requestId = requestId;
        copy.version = version;
        copy.routingKey = routingKey;
        copy.cacheMode = cacheMode;
        parameters.forEach(copy::parameter);
        return copy;
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {

        private @Nullable Duration timeLimit;
        private List<String> requestedOutputs = List.of();
        private @Nullable String requestId;
        private String version = "";
        private @Nullable String routingKey;
        private CacheMode cacheMode = CacheMode.USE;
        private final Map<String, String> parameters = new TreeMap<>();
        private long parameterCharacters;

        private Builder() {}

        /**
         * How long the whole call may take, waiting included. When it has passed, the native run is stopped and the
         * caller gets a {@link dev.kitchen.error.DeadlineExceededException}. If unset, the kitchen's default holds.
         *
         * @param limit longer than zero
         */
        public Builder timeLimit(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new InvalidRequestException("time limit is " + limit + ", expected more than zero");
            }
            this.timeLimit = limit;
            return this;
        }

        /**
         * Which outputs to compute, each named once; a model may skip work for the others. If unset, all.
         *
         * @param names of at most {@value #MAX_NAME_LENGTH} characters each
         */
        public Builder requestedOutputs(String... names) {
            List<String> requested = List.of(names);
            requested.forEach(it -> requireShort("requested output", it));
            if (requested.stream().distinct().count() != requested.size()) {
                throw new InvalidRequestException(
                        "requested outputs " + MessageText.of(requested) + " name an output twice");
            }
            this.requestedOutputs = requested;
            return this;
        }

        /**
         * A name for this call in logs and events.
         *
         * @param id 1 to {@value #MAX_REQUEST_ID_LENGTH} characters, none of them a control character
         */
        public Builder requestId(String id) {
            if (id.isEmpty()
                    || id.length() > MAX_REQUEST_ID_LENGTH
                    || id.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidRequestException("request id of " + id.length() + " characters, expected 1 to "
                        + MAX_REQUEST_ID_LENGTH + " without control characters");
            }
            this.requestId = id;
            return this;
        }

        /**
         * Which version is to answer: a version, an alias such as {@code champion}, or {@code latest}, which means the
         * current one. It has to be loaded. If unset, the endpoint chooses.
         *
         * @param versionOrAlias 1 to {@value #MAX_NAME_LENGTH} characters
         */
        public Builder version(String versionOrAlias) {
            if (versionOrAlias.isEmpty()) {
                throw new InvalidRequestException("version is empty, expected a version or an alias");
            }
            this.version = requireShort("version", versionOrAlias);
            return this;
        }

        /**
         * Sets what the call belongs to, such as a user or a session: where traffic is split between versions, calls with
         * equal keys go to the same one. It does not make a difference to a cache. If unset, a call belongs to nothing.
         *
         * @param key 1 to {@value #MAX_NAME_LENGTH} characters
         */
        public Builder routingKey(String key) {
            if (key.isEmpty()) {
                throw new InvalidRequestException(
                        "routing key is empty, expected 1 to " + MAX_NAME_LENGTH + " characters");
            }
            this.routingKey = requireShort("routing key", key);
            return this;
        }

        /** What a cache may do, where the endpoint has one. If unset, {@link CacheMode#USE}. */
        public Builder cacheMode(CacheMode mode) {
            this.cacheMode = mode;
            return this;
        }

        /**
         * Something that belongs to the request besides its inputs. A cached answer is given only to a request with the
         * same parameters.
         *
         * @param name 1 to {@value #MAX_NAME_LENGTH} characters; the last value for a name holds
         * @param value at most {@value #MAX_PARAMETER_CHARACTERS} characters with all other parameters together
         */
        public Builder parameter(String name, String value) {
            if (name.isEmpty()) {
                throw new InvalidRequestException("parameter name is empty, expected a name");
            }
            String replaced = parameters.put(requireShort("parameter", name), Objects.requireNonNull(value, "value"));
            parameterCharacters += value.length() + (replaced == null ? name.length() : -replaced.length());
            if (parameters.size() > MAX_PARAMETERS || parameterCharacters > MAX_PARAMETER_CHARACTERS) {
                throw new InvalidRequestException(parameters.size() + " parameters of " + parameterCharacters
                        + " characters, expected at most " + MAX_PARAMETERS + " of " + MAX_PARAMETER_CHARACTERS);
            }
            return this;
        }

        private static String requireShort(String kind, String name) {
            if (name.length() > MAX_NAME_LENGTH) {
                throw new InvalidRequestException(kind + " '" + MessageText.of(name) + "' has " + name.length()
                        + " characters, expected at most " + MAX_NAME_LENGTH);
            }
            return name;
        }

        public CallOptions build() {
            return new CallOptions(this);
        }
    }
}
