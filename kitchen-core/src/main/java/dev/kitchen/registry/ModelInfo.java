package dev.kitchen.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model of the registry. Immutable.
 *
 * @param active whether it is offered at all; one that was deactivated is not
 * @param currentVersion the version that answers; empty where none ever was activated
 * @param previousVersions those that were current before, newest first
 * @param aliases versions by alias
 * @param policy what stays loaded
 * @param versions oldest first
 */
public record ModelInfo(
        String name,
        boolean active,
        Optional<String> currentVersion,
        List<String> previousVersions,
        Map<String, String> aliases,
        VersionPolicy policy,
        List<VersionInfo> versions) {

    public ModelInfo {
        previousVersions = List.copyOf(previousVersions);
        aliases = Map.copyOf(aliases);
        versions = List.copyOf(versions);
    }

    /** The version of that name. */
    public Optional<VersionInfo> version(String version) {
        return versions.stream().filter(it -> it.version().equals(version)).findFirst();
    }

    /** The version that an alias or {@code latest}, which means the current one, stands for; otherwise the name itself. */
    public Optional<String> resolve(String versionOrAlias) {
        if (versionOrAlias.equals("latest")) {
            return currentVersion;
        }
        return Optional.of(aliases.getOrDefault(versionOrAlias, versionOrAlias))
                .filter(it -> version(it).isPresent());
    }

    /** The same model with its versions as a process sees them. */
    public ModelInfo withVersions(List<VersionInfo> seen) {
        return new ModelInfo(name, active, currentVersion, previousVersions, aliases, policy, seen);
    }
}
