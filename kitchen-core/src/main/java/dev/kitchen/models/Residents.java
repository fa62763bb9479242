package dev.kitchen.models;

import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.registry.VersionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which versions of a model are to be in memory. */
final class Residents {

    private Residents() {}

    /** The current version first, then the one to roll back to, those with an alias, and what the policy wants. */
    static List<VersionInfo> of(ModelInfo model) {
        if (!model.active()) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        model.currentVersion().ifPresent(names::add);
        model.previousVersions().stream().limit(1).forEach(names::add);
        names.addAll(model.aliases().values());
        names.addAll(wanted(model));
        List<VersionInfo> residents = new ArrayList<>();
        for (String name : names) {
            model.version(name).filter(Residents::isLoadable).ifPresent(residents::add);
        }
        return residents;
    }

    private static List<String> wanted(ModelInfo model) {
        List<String> loadable = model.versions().stream()
                .filter(Residents::isLoadable)
                .map(VersionInfo::version)
                .toList();
        if (model.policy() instanceof VersionPolicy.Latest latest) {
            return loadable.subList(Math.max(0, loadable.size() - latest.count()), loadable.size());
        }
        if (model.policy() instanceof VersionPolicy.Specific specific) {
            return loadable.stream().filter(specific.versions()::contains).toList();
        }
        return loadable;
    }

    static boolean isLoadable(VersionInfo version) {
        return version.status() == Status.REGISTERED || version.status() == Status.ACTIVE;
    }
}
