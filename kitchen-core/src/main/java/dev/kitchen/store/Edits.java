package dev.kitchen.store;

import dev.kitchen.json.JsonTree;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Changes of the document, each of which leaves alone what it is not about. */
final class Edits {

    private static final int MAX_PREVIOUS = 10;

    private Edits() {}

    private static UnaryOperator<JsonTree> model(String model, UnaryOperator<JsonTree> edit) {
        return document -> document.with(model, edit);
    }

    private static Function<JsonTree, JsonTree> status(Status status) {
        return version -> version.with(RegistryFormat.STATUS, JsonTree.text(status.name()));
    }

    /** Makes a registered version the current one, and the model an offered one. */
    static UnaryOperator<JsonTree> activate(ModelInfo model, String version) {
        Set<String> previous = new LinkedHashSet<>();
        model.currentVersion().ifPresent(previous::add);
        previous.addAll(model.previousVersions());
        previous.remove(version);
        return activate(model, version, previous.stream().limit(MAX_PREVIOUS).toList());
    }

    /** Goes back to a version: what came after it is not to be gone back to. */
    static UnaryOperator<JsonTree> rollBack(ModelInfo model, String version) {
        List<String> previous = model.previousVersions();
        return activate(model, version, previous.subList(previous.indexOf(version) + 1, previous.size()));
    }

    private static UnaryOperator<JsonTree> activate(ModelInfo model, String version, List<String> previous) {
        List<String> replaced = model.currentVersion().stream()
                .filter(current -> !current.equals(version))
                .toList();
        return model(
                model.name(), it -> activate(it, replaced, version, previous).without(RegistryFormat.ACTIVE));
    }

    private static JsonTree activate(JsonTree model, List<String> replaced, String version, List<String> previous) {
        JsonTree versions = model.member(RegistryFormat.VERSIONS).orElse(JsonTree.object());
        for (String old : replaced) {
            versions = versions.with(old, status(Status.REGISTERED));
        }
        return model.with(RegistryFormat.CURRENT, JsonTree.text(version))
                .with(RegistryFormat.PREVIOUS, texts(previous))
                .with(RegistryFormat.VERSIONS, versions.with(version, status(Status.ACTIVE)));
    }

    private static JsonTree texts(List<String> texts) {
        return JsonTree.array(texts.stream().map(JsonTree::text).toList());
    }

    static UnaryOperator<JsonTree> offer(String model) {
        return model(model, it -> it.without(RegistryFormat.ACTIVE));
    }

    static UnaryOperator<JsonTree> withdraw(String model) {
        return model(model, it -> it.with(RegistryFormat.ACTIVE, JsonTree.truth(false)));
    }

    static UnaryOperator<JsonTree> alias(String model, String alias, String version) {
        return model(
                model, it -> it.with(RegistryFormat.ALIASES, aliases -> aliases.with(alias, JsonTree.text(version))));
    }

    static UnaryOperator<JsonTree> removeAlias(String model, String alias) {
        return model(model, it -> it.with(RegistryFormat.ALIASES, aliases -> aliases.without(alias)));
    }

    static UnaryOperator<JsonTree> status(String model, String version, Status status) {
        return version(model, version, it -> it.with(RegistryFormat.STATUS, JsonTree.text(status.name())));
    }

    private static UnaryOperator<JsonTree> version(String model, String version, Function<JsonTree, JsonTree> edit) {
        return model(model, it -> it.with(RegistryFormat.VERSIONS, versions -> versions.with(version, edit)));
    }

    /** Adds what a request says of a version, and leaves alone what it says nothing about. */
    static UnaryOperator<JsonTree> describe(String model, String version, DeployRequest request) {
        return version(model, version, known -> {
            JsonTree described = with(known, RegistryFormat.METRICS, request.metrics(), JsonTree::number);
            described = with(described, RegistryFormat.LINEAGE, request.lineage(), JsonTree::text);
            return with(described, RegistryFormat.TAGS, request.tags(), JsonTree::text);
        });
    }

    private static <V> JsonTree with(
            JsonTree version, String member, Map<String, V> values, Function<V, JsonTree> tree) {
        JsonTree object = version.member(member).orElse(JsonTree.object());
        for (Map.Entry<String, V> entry : new TreeMap<>(values).entrySet()) {
            object = object.with(entry.getKey(), tree.apply(entry.getValue()));
        }
        return values.isEmpty() ? version : version.with(member, object);
    }

    static UnaryOperator<JsonTree> policy(String model, JsonTree policy) {
        return model(model, it -> it.with(RegistryFormat.POLICY, policy));
    }

    /** Takes a version out, and the model with its last version. */
    static UnaryOperator<JsonTree> remove(ModelInfo model, String version) {
        List<String> previous = model.previousVersions().stream()
                .filter(it -> !it.equals(version))
                .toList();
        if (model.versions().size() == 1) {
            return document -> document.without(model.name());
        }
        return model(
                model.name(),
                it -> it.with(RegistryFormat.PREVIOUS, texts(previous))
                        .with(RegistryFormat.VERSIONS, versions -> versions.without(version)));
    }

    /** Puts a version in. */
    static UnaryOperator<JsonTree> register(VersionInfo version, String path) {
        return model(
                version.model(),
                it -> it.with(
                        RegistryFormat.VERSIONS, versions -> versions.with(version.version(), version(version, path))));
    }

    /** Says of a version that is in what it takes and returns. */
    static UnaryOperator<JsonTree> signature(VersionInfo version, JsonTree signature) {
        return version(version.model(), version.version(), known -> known.with(RegistryFormat.SIGNATURE, signature));
    }

    private static JsonTree version(VersionInfo version, String path) {
        Map<String, JsonTree> members = new LinkedHashMap<>();
        members.put(RegistryFormat.PATH, JsonTree.text(path));
        members.put(RegistryFormat.STATUS, JsonTree.text(version.status().name()));
        Stream.of(version.reason())
                .filter(it -> !it.isEmpty())
                .forEach(it -> members.put(RegistryFormat.REASON, JsonTree.text(it)));
        version.createdAt().ifPresent(it -> members.put(RegistryFormat.CREATED_AT, JsonTree.text(it.toString())));
        members.put(RegistryFormat.METRICS, object(version.metrics(), JsonTree::number));
        version.backend().ifPresent(it -> members.put(RegistryFormat.BACKEND, JsonTree.text(it)));
        version.sha256().ifPresent(it -> members.put(RegistryFormat.SHA256, JsonTree.text(it)));
        members.put(RegistryFormat.SIZE, JsonTree.number(version.sizeBytes()));
        members.put(RegistryFormat.LINEAGE, object(version.lineage(), JsonTree::text));
        members.put(RegistryFormat.TAGS, object(version.tags(), JsonTree::text));
        return JsonTree.object(members);
    }

    private static <V> JsonTree object(Map<String, V> values, Function<V, JsonTree> tree) {
        Map<String, JsonTree> members = new LinkedHashMap<>();
        new TreeMap<>(values).forEach((name, value) -> members.put(name, tree.apply(value)));
        return JsonTree.object(members);
    }
}
