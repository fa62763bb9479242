package dev.kitchen.serving;

import dev.kitchen.runtime.CallContext;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one model that answer at one moment: by name and alias, and the one that answers who names none.
 * Immutable; a swap puts another one in its place.
 */
public final class Lineup {

    /** What a call that names no version asks for. */
    public static final String CURRENT = "";

    private final Map<String, ServedVersion> versions;
    private final Map<String, String> aliases;
    private final @Nullable ServedVersion current;
    private final Absence absence;

    /** What becomes of a call for a version that is not in the lineup. */
    public interface Absence {

        /**
         * Sees to it that a lineup with the version is published, or throws the reason why there is none.
         *
         * @param version a version, an alias, or {@link #CURRENT}
         * @param context the call's; waiting for more than its time is an error
         */
        void resolve(String version, CallContext context);
    }

    /**
     * A lineup.
     *
     * @param current what is in service; null where nothing is
     * @param versions those in memory
     * @param aliases versions by alias; {@code latest} is one
     */
    public Lineup(
            @Nullable ServedVersion current,
            Map<String, ServedVersion> versions,
            Map<String, String> aliases,
            Absence absence) {
        this.current = current;
        this.versions = Map.copyOf(versions);
        this.aliases = Map.copyOf(aliases);
        this.absence = absence;
    }

    @Nullable
    ServedVersion current() {
        return current;
    }

    @Nullable
    ServedVersion find(String version) {
        if (version.isEmpty()) {
            return current;
        }
        return version.equals("latest") ? current : versions.get(aliases.getOrDefault(version, version));
    }

    boolean has(ServedVersion model) {
        return versions.containsValue(model) || model.equals(current);
    }

    Collection<ServedVersion> all() {
        return versions.values();
    }

    Absence absence() {
        return absence;
    }
}
