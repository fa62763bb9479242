package dev.kitchen.spi;

/**
 * A loaded version, for caches and their keys: the answers of one version are never returned for another, even where the
 * names are equal. Immutable.
 *
 * @param model the name of the model
 * @param identity a SHA-256 of everything that answers depend on: the files of the version, its signature, and the runtime
 *     and the options of the backend; equal in all processes where these are equal. Where the files are unknown, a text that
 *     no other load in any process has
 */
public record VersionIdentity(String model, String version, String identity) {

    /** Model and version, as the start of a message. */
    public String place() {
        return "endpoint '" + model + "', version '" + version + "'";
    }
}
