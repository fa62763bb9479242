package dev.kitchen.cli;

import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is in a registry, as text and as JSON. */
final class RegistryReport {

    private RegistryReport() {}

    static Map<String, Object> json(ModelInfo model) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model.name());
        json.put("active", model.active());
        json.put("current_version", model.currentVersion());
        json.put("previous_versions", model.previousVersions());
        json.put("aliases", new TreeMap<>(model.aliases()));
        json.put("policy", words(model.policy()));
        json.put("versions", model.versions().stream().map(RegistryReport::json).toList());
        return json;
    }

    static Map<String, Object> json(VersionInfo version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", version.model());
        json.put("version", version.version());
        json.put("status", lower(version.status()));
        json.put("reason", version.reason());
        json.put("path", version.path());
        json.put("created_at", version.createdAt());
        json.put("size_bytes", version.sizeBytes());
        json.put("sha256", version.sha256());
        json.put("backend", version.backend());
        json.put("metrics", new TreeMap<>(version.metrics()));
        json.put("lineage", new TreeMap<>(version.lineage()));
        json.put("tags", new TreeMap<>(version.tags()));
        return json;
    }

    static Map<String, Object> json(String model, VersionPolicy policy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("policy", words(policy));
        return json;
    }

    static Map<String, Object> json(AuditEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", entry.at());
        json.put("generation", entry.generation());
        json.put("actor", entry.actor());
        json.put("model", entry.model());
        json.put("operation", entry.operation());
        json.put("from", entry.from());
        json.put("to", entry.to());
        json.put("reason", entry.reason());
        return json;
    }

    static Table text(List<ModelInfo> models) {
        Table table = Table.of("MODEL", "CURRENT", "VERSIONS", "ALIASES", "OFFERED");
        for (ModelInfo model : models) {
            table.row(
                    model.name(),
                    model.currentVersion().orElse("-"),
                    Integer.toString(model.versions().size()),
                    aliases(model.aliases()),
                    model.active() ? "yes" : "no, deactivated");
        }
        return table;
    }

    static String text(ModelInfo model) {
        Table facts = Table.withoutHeadings()
                .row("model", model.name())
                .row("current", model.currentVersion().orElse("-"))
                .row("before", model.previousVersions().isEmpty() ? "-" : String.join(", ", model.previousVersions()))
                .row("aliases", aliases(model.aliases()))
                .row("offered", model.active() ? "yes" : "no, deactivated")
                .row("loaded", words(model.policy()));
        Table versions = Table.of("VERSION", "STATUS", "CREATED", "SIZE", "BACKEND", "METRICS", "NOTE");
        for (VersionInfo version : model.versions()) {
            versions.row(
                    version.version(),
                    lower(version.status()),
                    version.createdAt().map(Object::toString).orElse("-"),
                    Texts.bytes(version.sizeBytes()),
                    version.backend().orElse("-"),
                    metrics(version.metrics()),
                    version.reason());
        }
        return facts + "\n\n" + versions;
    }

    /** What an operation left behind, in one line. */
    static String line(VersionInfo version) {
        return Texts.oneLine(version.model() + " " + version.version() + " " + lower(version.status()));
    }

    /** How a model stands, in one line. */
    static String line(ModelInfo model) {
        return Texts.oneLine(
                model.name() + " " + model.currentVersion().orElse("-") + (model.active() ? "" : " deactivated"));
    }

    /** What stays loaded, in the words that the command takes. */
    static String line(String model, VersionPolicy policy) {
        return Texts.oneLine(model + " " + words(policy));
    }

    static Table history(List<AuditEntry> entries) {
        Table table = Table.of("AT", "OPERATION", "FROM", "TO", "BY", "REASON");
        for (AuditEntry entry : entries) {
            table.row(
                    entry.at().toString(),
                    entry.operation(),
                    entry.from().orElse("-"),
                    entry.to().orElse("-"),
                    entry.actor(),
                    entry.reason());
        }
        return table;
    }

    private static String words(VersionPolicy policy) {
        if (policy instanceof VersionPolicy.Latest latest) {
            return "latest " + latest.count();
        } else if (policy instanceof VersionPolicy.Specific specific) {
            return "specific " + specific.versions().stream().sorted().collect(Collectors.joining(","));
        }
        return "all";
    }

    private static String aliases(Map<String, String> aliases) {
        List<String> words = new ArrayList<>();
        new TreeMap<>(aliases).forEach((alias, version) -> words.add(alias + "=" + version));
        return words.isEmpty() ? "-" : String.join(", ", words);
    }

    private static String metrics(Map<String, Double> metrics) {
        List<String> words = new ArrayList<>();
        new TreeMap<>(metrics).forEach((name, value) -> words.add(name + "=" + value));
        return words.isEmpty() ? "-" : String.join(", ", words);
    }

    private static String lower(VersionInfo.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
