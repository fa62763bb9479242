package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import picocli.CommandLine.Command;

/** Shows a model and its versions. */
@Command(
        name = "describe",
        description = "Show a model and all its versions.",
        footer = {
            "",
            "Examples:",
            "  kitchen describe fraud",
            "  kitchen describe fraud --json | jq -r .current_version"
        })
final class DescribeCommand extends ModelCommand {

    @Override
    void run(OpenRegistry open, String name) {
        ModelInfo info = open.models().describe(name);
        print(RegistryReport.json(info), RegistryReport.text(info));
    }
}
