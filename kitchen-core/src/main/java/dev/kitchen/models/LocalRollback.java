package dev.kitchen.models;

import dev.kitchen.registry.ModelInfo;
import java.util.List;
import java.util.Optional;

/**
 * A roll back that could not be written: this process goes by it until the document can be, or says something new.
 *
 * @param from what the document says is current
 * @param to what answers here
 */
public record LocalRollback(Optional<String> from, String to) {

    /** Whether the document still says what it said, and nobody has retired or deleted the version since. */
    public boolean holdsFor(ModelInfo wanted) {
        return wanted.currentVersion().equals(from)
                && wanted.version(to).filter(Residents::isLoadable).isPresent();
    }

    /** The model as it would be, had the roll back been written. */
    ModelInfo applied(ModelInfo wanted) {
        List<String> all = wanted.previousVersions();
        return new ModelInfo(
                wanted.name(),
                wanted.active(),
                Optional.of(to),
                all.subList(all.indexOf(to) + 1, all.size()),
                wanted.aliases(),
                wanted.policy(),
                wanted.versions());
    }
}
