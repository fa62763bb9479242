package dev.kitchen.predict;

import dev.kitchen.tensor.ModelSignature;

/**
 * What a loaded version is: the answers of one artifact are never given for another's, even where the names are equal.
 *
 * @param model the endpoint's name
 * @param identity the SHA-256 of the version's files, the same in all processes; or, where nobody knows it, a text that
 *     no other load in any process has
 */
public record ModelArtifact(String model, String version, String identity, ModelSignature signature) {

    /** Model and version, as the beginning of a message. */
    public String place() {
        return "endpoint '" + model + "', version '" + version + "'";
    }
}
