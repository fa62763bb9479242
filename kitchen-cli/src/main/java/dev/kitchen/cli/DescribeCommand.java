package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.ModelRegistry;
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
    void run(ModelRegistry models, String name) {
        ModelInfo info = models.describe(name);
        print(RegistryReport.json(info), RegistryReport.text(info));
    }
}
