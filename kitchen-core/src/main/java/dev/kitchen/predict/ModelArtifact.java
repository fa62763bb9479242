package dev.kitchen.predict;

import dev.kitchen.tensor.ModelSignature;

/**
 * What a loaded version is: the answers of one artifact are never given for another's, even where the names are equal.
 *
 * @param model the endpoint's name
 * @param identity a SHA-256 of all that answers depend on: the version's files, the signature, and the backend's runtime
 *     and options; the same in all processes where these are. Or, where nobody knows the files, a text that no other load
 *     in any process has
 */
public record ModelArtifact(String model, String version, String identity, ModelSignature signature) {

    /** Model and version, as the beginning of a message. */
    public String place() {
        return "endpoint '" + model + "', version '" + version + "'";
    }
}
