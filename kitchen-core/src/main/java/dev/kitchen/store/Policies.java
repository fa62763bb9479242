package dev.kitchen.store;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.VersionPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Version policies as they stand in the document. */
final class Policies {

    private static final String LATEST = "latest";
    private static final String COUNT = "num_versions";
    private static final String ALL = "all";
    private static final String SPECIFIC = "specific";
    private static final String VERSIONS = "versions";

    private Policies() {}

    /** What is not known is passed over. */
    static VersionPolicy read(String place, Optional<JsonTree> policy) {
        if (policy.isEmpty()) {
            return VersionPolicy.DEFAULT;
        }
        JsonTree tree = policy.get();
        tree.members(place);
        try {
            return tree.member(ALL)
                    .<VersionPolicy>map(it -> new VersionPolicy.All())
                    .or(() -> tree.member(SPECIFIC).map(it -> specific(place, it)))
                    .or(() -> tree.member(LATEST).map(it -> latest(place, it)))
                    .orElse(VersionPolicy.DEFAULT);
        } catch (ConfigurationException e) {
            throw new InvalidRequestException(place + ": " + e.getMessage(), e);
        }
    }

    private static VersionPolicy latest(String place, JsonTree latest) {
        long count = latest.member(COUNT)
                .map(it -> it.integer(place + ": num_versions"))
                .orElse(1L);
        return new VersionPolicy.Latest((int) Math.max(-1, Math.min(count, Integer.MAX_VALUE)));
    }

    private static VersionPolicy specific(String place, JsonTree specific) {
        return new VersionPolicy.Specific(
                specific.member(VERSIONS).map(it -> it.elements(place + ": versions")).orElse(List.of()).stream()
                        .map(it -> it.name(place + ": versions"))
                        .collect(Collectors.toSet()));
    }

    static JsonTree write(VersionPolicy policy) {
        if (policy instanceof VersionPolicy.Latest latest) {
            return JsonTree.object().with(LATEST, JsonTree.object().with(COUNT, JsonTree.number(latest.count())));
        } else if (policy instanceof VersionPolicy.Specific specific) {
            List<JsonTree> versions =
                    specific.versions().stream().sorted().map(JsonTree::text).toList();
            return JsonTree.object().with(SPECIFIC, JsonTree.object().with(VERSIONS, JsonTree.array(versions)));
        }
        return JsonTree.object().with(ALL, JsonTree.object());
    }
}
