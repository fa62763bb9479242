package dev.kitchen.spi;

import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked, exactly: which version, every input with its name, type, shape and bits, which outputs, which
 * parameters. Two keys are equal only if all of that is; the hash only finds candidates. Immutable, but for the memory
 * under borrowed tensors: a key that is kept is {@linkplain #owned owned}.
 */
public final class CacheKey {

    private final VersionIdentity version;
    private final NamedValues inputs;
    private final List<String> requestedOutputs;
    private final Map<String, String> parameters;
    private final long hash;
    private @Nullable String sha256;

    CacheKey(
            VersionIdentity version,
            NamedValues inputs,
            List<String> requestedOutputs,
            Map<String, String> parameters,
            long hash) {
        this.version = version;
        this.inputs = inputs;
        this.requestedOutputs = requestedOutputs;
        this.parameters = parameters;
        this.hash = hash;
    }

    /**
     * The key of a request. Refers to the request's tensors, borrowed ones too.
     *
     * @param request with its inputs in the signature's order
     */
    public static CacheKey of(VersionIdentity version, PredictionRequest request) {
        List<String> outputs = request.options().requestedOutputs();
        Map<String, String> parameters = request.options().parameters();
        long hash = version.identity().hashCode();
        hash = 31 * hash + version.version().hashCode();
        hash = 31 * hash + version.model().hashCode();
        if (!outputs.isEmpty()) {
            hash = KeyHash.mix(hash, KeyHash.of(outputs));
        }
        if (!parameters.isEmpty()) {
            hash = KeyHash.mix(hash, KeyHash.of(parameters));
        }
        NamedValues inputs = request.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            // The names are the model's own, their order the signature's: no caller chooses them.
            hash = 31 * (31 * hash + inputs.name(i).hashCode()) + hash(inputs.value(i));
        }
        return new CacheKey(version, inputs, outputs, parameters, hash ^ hash >>> 32);
    }

    private static long hash(Value value) {
        return value instanceof Tensor tensor ? tensor.contentHash() : KeyHash.of(CanonicalForm.of(value));
    }

    /** This key, sharing no memory with a caller: itself, or a copy if an input is borrowed. */
    public CacheKey owned() {
        NamedValues owned = inputs.owned();
        // The copy hashes itself anew: who changes lent memory too early harms no other caller's answers.
        return isSame(owned, inputs) ? this : new CacheKey(version, owned, requestedOutputs, parameters, hash);
    }

    public VersionIdentity version() {
        return version;
    }

    public NamedValues inputs() {
        return inputs;
    }

    /** In the order asked for; empty for all. */
    public List<String> requestedOutputs() {
        return requestedOutputs;
    }

    /** In the order of their names. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** SHA-256 over all of it, in hex: the same in every process, on machines of the same byte order. */
    public String sha256() {
        String known = sha256;
        if (known == null) {
            known = CanonicalForm.sha256(this);
            sha256 = known; // whoever races computes the same
        }
        return known;
    }

    /**
     * Whether this is asked of an endpoint and a version whose names match. See {@link PredictionCache#invalidate} for
     * the patterns.
     */
    public boolean matches(String endpointPattern, String versionPattern) {
        return NamePattern.matches(endpointPattern, version.model())
                && NamePattern.matches(versionPattern, version.version());
    }

    /** The pattern that matches this name and no other. */
    public static String literally(String name) {
        return NamePattern.quote(name);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof CacheKey that
                        && hash == that.hash
                        && sameVersion(that.version)
                        && requestedOutputs.equals(that.requestedOutputs)
                        && parameters.equals(that.parameters)
                        && sameInputs(that.inputs));
    }

    private boolean sameVersion(VersionIdentity that) {
        return isSame(version, that)
                || (version.identity().equals(that.identity())
                        && version.version().equals(that.version())
                        && version.model().equals(that.model()));
    }

    private boolean sameInputs(NamedValues that) {
        if (inputs.size() != that.size()) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.name(i).equals(that.name(i)) || !same(inputs.value(i), that.value(i))) {
                return false;
            }
        }
        return true;
    }

    /** Numbers in maps are equal to others by their own idea of it: NaN to every NaN. Bits are not. */
    private static boolean same(Value one, Value other) {
        return one instanceof Tensor || other instanceof Tensor
                ? one.equals(other)
                : Arrays.equals(CanonicalForm.of(one), CanonicalForm.of(other));
    }

    @SuppressWarnings("ReferenceEquality") // only saves looking at the content
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    @Override
    public int hashCode() {
        return (int) hash;
    }

    /** Where it is asked, and the first elements. */
    @Override
    public String toString() {
        return version.place() + ": " + inputs;
    }
}
