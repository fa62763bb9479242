package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes models of a document, in the full or the simple form. What it does not know it passes over. */
final class DocumentReader {

    private final Path root;
    private volatile Known last = new Known(JsonTree.object(), Map.of());

    DocumentReader(Path root) {
        this.root = root;
    }

    /**
     * All models. Those that say what they said before are not looked at again.
     *
     * @throws InvalidRequestException if a member is of the wrong kind, or contradicts another one
     */
    Map<String, ModelInfo> read(String place, JsonTree document) {
        Known known = last;
        Map<String, ModelInfo> models = new TreeMap<>();
        document.members(place).forEach((name, member) -> {
            if (!name.startsWith(RegistryFormat.RESERVED)) {
                Names.problemOfModel(name).ifPresent(it -> wrong(place, it));
                ModelInfo same = known.model(name, member);
                models.put(name, same == null ? model(place + ": model '" + name + "'", name, member, known) : same);
            }
        });
        last = new Known(document, models);
        return models;
    }

    /** A document that was read before, and what came of it. */
    private record Known(JsonTree document, Map<String, ModelInfo> models) {

        private @Nullable ModelInfo model(String name, JsonTree member) {
            return document.member(name)
                    .filter(member::equals)
                    .map(it -> models.get(name))
                    .orElse(null);
        }

        private KnownVersions versions(String name) {
            ModelInfo model = models.get(name);
            Map<String, VersionInfo> versions = new HashMap<>();
            if (model != null) {
                model.versions().forEach(it -> versions.put(it.version(), it));
            }
            return new KnownVersions(
                    document.member(name)
                            .flatMap(it -> it.member(RegistryFormat.VERSIONS))
                            .orElse(JsonTree.object()),
                    versions);
        }
    }

    /** Versions of a model that was read before, and what came of them. */
    private record KnownVersions(JsonTree tree, Map<String, VersionInfo> versions) {

        private @Nullable VersionInfo version(String name, JsonTree member, boolean isCurrent) {
            VersionInfo version = versions.get(name);
            boolean isSame = version != null
                    && (version.status() == Status.ACTIVE) == isCurrent
                    && tree.member(name).filter(member::equals).isPresent();
            return isSame ? version : null;
        }
    }

    private ModelInfo model(String place, String name, JsonTree model, Known known) {
        model.members(place);
        Optional<String> current = model.member(RegistryFormat.CURRENT).map(it -> it.name(place + ": current_version"));
        List<VersionInfo> versions = versions(place, name, model, current, known.versions(name));
        Map<String, String> aliases = new LinkedHashMap<>();
        model.member(RegistryFormat.ALIASES)
                .map(it -> it.members(place + ": aliases"))
                .orElse(Map.of())
                .forEach((alias, version) -> aliases.put(alias, version.name(place + ": alias '" + alias + "'")));
        ModelInfo info = new ModelInfo(
                name,
                model.member(RegistryFormat.ACTIVE)
                        .map(it -> it.truth(place + ": active"))
                        .orElse(true),
                current,
                previous(place, model, versions),
                aliases,
                Policies.read(place + ": policy", model.member(RegistryFormat.POLICY)),
                VersionOrder.oldestFirst(versions));
        requireConsistent(place, info);
        return info;
    }

    private List<VersionInfo> versions(
            String place, String name, JsonTree model, Optional<String> current, KnownVersions known) {
        List<VersionInfo> versions = new ArrayList<>();
        model.member(RegistryFormat.VERSIONS)
                .map(it -> it.members(place + ": versions"))
                .orElse(Map.of())
                .forEach((version, member) -> {
                    boolean isCurrent = current.equals(Optional.of(version));
                    VersionInfo same = known.version(version, member, isCurrent);
                    versions.add(
                            same == null
                                    ? version(place + ", version '" + version + "'", name, version, member, isCurrent)
                                    : same);
                });
        return versions;
    }

    private VersionInfo version(String place, String model, String name, JsonTree version, boolean current) {
        Names.problemOfVersion("version", name).ifPresent(it -> wrong(place, it));
        version.members(place);
        String path = version.member(RegistryFormat.PATH)
                .orElseThrow(() -> new InvalidRequestException(place + ": has no path, expected one"))
                .string(place + ": path");
        VersionInfo.Builder info = VersionInfo.builder(model, name, resolve(place, path))
                .status(status(version, current))
                .metrics(numbers(place + ": performance_metrics", version.member(RegistryFormat.METRICS)))
                .lineage(texts(place + ": lineage", version.member(RegistryFormat.LINEAGE)))
                .tags(texts(place + ": tags", version.member(RegistryFormat.TAGS)))
                .sizeBytes(version.member(RegistryFormat.SIZE)
                        .map(it -> it.integer(place + ": size_bytes"))
                        .orElse(0L));
        version.member(RegistryFormat.CREATED_AT)
                .flatMap(RegistryFormat::moment)
                .ifPresent(info::createdAt);
        version.member(RegistryFormat.SHA256).ifPresent(it -> info.sha256(it.string(place + ": sha256")));
        version.member(RegistryFormat.BACKEND).ifPresent(it -> info.backend(it.string(place + ": backend")));
        version.member(RegistryFormat.REASON).ifPresent(it -> info.reason(it.string(place + ": reason")));
        return info.build();
    }

    /** Not yet looked at: whether it leaves the root, or is there, is asked when the version is used. */
    private Path resolve(String place, String path) {
        try {
            return root.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidRequestException(place + ": path is not one: " + e.getReason(), e);
        }
    }

    /** What is current is active, whatever else is written. */
    private static Status status(JsonTree version, boolean current) {
        String written = version.member(RegistryFormat.STATUS)
                .flatMap(JsonTree::asText)
                .orElse("")
                .toUpperCase(Locale.ROOT);
        return current
                ? Status.ACTIVE
                : switch (written) {
                    case "RETIRED" -> Status.RETIRED;
                    case "REJECTED" -> Status.REJECTED;
                    default -> Status.REGISTERED;
                };
    }

    private static List<String> previous(String place, JsonTree model, List<VersionInfo> versions) {
        List<String> known = versions.stream().map(VersionInfo::version).toList();
        return model
                .member(RegistryFormat.PREVIOUS)
                .map(it -> it.elements(place + ": previous_versions"))
                .orElse(List.of())
                .stream()
                .map(it -> it.name(place + ": previous_versions"))
                .filter(known::contains)
                .toList();
    }

    private static void requireConsistent(String place, ModelInfo model) {
        model.currentVersion().ifPresent(it -> {
            if (model.version(it).isEmpty()) {
                wrong(place, "current_version is '" + it + "', expected one of " + names(model));
            }
        });
        model.aliases().forEach((alias, version) -> {
            Names.problemOfVersion("alias", alias).ifPresent(it -> wrong(place, it));
            if (model.version(alias).isPresent()) {
                wrong(place, "alias '" + alias + "' is also a version, expected another name");
            }
            if (model.version(version).isEmpty()) {
                wrong(place, "alias '" + alias + "' is '" + version + "', expected one of " + names(model));
            }
        });
    }

    private static List<String> names(ModelInfo model) {
        return model.versions().stream().map(VersionInfo::version).toList();
    }

    /** Those that are numbers: people write other things there as well. */
    private static Map<String, Double> numbers(String place, Optional<JsonTree> object) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        object.map(it -> it.members(place))
                .orElse(Map.of())
                .forEach((name, member) ->
                        member.asDouble().filter(Double::isFinite).ifPresent(it -> numbers.put(name, it)));
        return numbers;
    }

    /** Those that are single values. */
    private static Map<String, String> texts(String place, Optional<JsonTree> object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.map(it -> it.members(place))
                .orElse(Map.of())
                .forEach((name, member) -> member.asScalar().ifPresent(it -> texts.put(name, it)));
        return texts;
    }

    private static void wrong(String place, String problem) {
        throw new InvalidRequestException(place + ": " + problem);
    }
}
