package dev.kitchen.registry;

import dev.kitchen.error.ConfigurationException;
import java.util.Set;

/**
 * Which versions of a model stay loaded besides the current one, the one before it, and those with an alias, which
 * always do. Versions that are retired or rejected never are.
 */
public sealed interface VersionPolicy {

    /** What holds where nothing is said: the newest version. */
    VersionPolicy DEFAULT = new Latest(1);

    /**
     * The newest ones.
     *
     * @param count how many, 0 or more
     */
    record Latest(int count) implements VersionPolicy {
        public Latest {
            if (count < 0) {
                throw new ConfigurationException("version policy: latest " + count + ", expected 0 or more");
            }
        }
    }

    /** All of them. */
    record All() implements VersionPolicy {}

    /**
     * Those named, as far as they are registered.
     *
     * @param versions at least one
     */
    record Specific(Set<String> versions) implements VersionPolicy {
        public Specific {
            versions = Set.copyOf(versions);
            if (versions.isEmpty()) {
                throw new ConfigurationException("version policy: no specific version, expected at least one");
            }
        }
    }
}
