package dev.kitchen.cli;

import dev.kitchen.registry.VersionPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows or says which versions of a model stay loaded. */
@Command(
        name = "policy",
        description = {
            "Say which versions of a model stay loaded besides the current one, the one before it, and those with an alias;",
            "without a policy, show the present one."
        },
        footer = {
            "",
            "Examples:",
            "  kitchen policy fraud",
            "  kitchen policy fraud latest 2",
            "  kitchen policy fraud all",
            "  kitchen policy fraud specific 1,3"
        })
final class PolicyCommand extends ModelCommand {

    /** Which versions. */
    enum Kind {
        LATEST,
        ALL,
        SPECIFIC;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "POLICY",
            description = "latest, with how many; all; or specific, with the versions. If unset, nothing changes.")
    private Optional<Kind> kind;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "VERSIONS",
            description = "How many of the newest, or which, between commas.")
    private Optional<String> versions;

    @Override
    void check() {
        kind.ifPresent(this::policy);
    }

    @Override
    void run(OpenRegistry open, String name) {
        kind.ifPresent(it -> open.models().policy(name, policy(it)));
        VersionPolicy present = open.models().describe(name).policy();
        print(RegistryReport.json(name, present), RegistryReport.line(name, present));
    }

    private VersionPolicy policy(Kind wanted) {
        return switch (wanted) {
            case LATEST -> latest(versions.orElse(""));
            case SPECIFIC -> specific(versions.orElse(""));
            case ALL -> {
                require(versions.isEmpty(), "policy all takes no versions, got '" + versions.orElse("") + "'");
                yield new VersionPolicy.All();
            }
        };
    }

    private VersionPolicy latest(String count) {
        require(
                count.matches("\\d{1,9}"),
                "policy latest has '" + count + "', expected how many of the newest versions, such as 2");
        return new VersionPolicy.Latest(Integer.parseInt(count));
    }

    private VersionPolicy specific(String names) {
        List<String> words =
                Arrays.stream(names.split(",", -1)).map(String::strip).toList();
        require(
                words.stream().noneMatch(String::isEmpty),
                "policy specific has '" + names + "', expected versions between commas, such as 1,3");
        return new VersionPolicy.Specific(new TreeSet<>(words));
    }
}
