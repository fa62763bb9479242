package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Points a name at a version, or takes it away. */
@Command(
        name = "alias",
        description = "Point a name at a version, such as champion or challenger; or take it away.",
        footer = {"", "Examples:", "  kitchen alias fraud challenger 3", "  kitchen alias fraud challenger --remove"})
final class AliasCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String model;

    @Parameters(index = "1", paramLabel = "ALIAS", description = "The name.")
    private String alias;

    @Parameters(index = "2", arity = "0..1", paramLabel = "VERSION", description = "What it is to mean.")
    private Optional<String> version;

    @Option(names = "--remove", description = "Take the alias away.")
    private boolean remove;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (remove == version.isPresent()) {
            throw new ParameterException(spec.commandLine(), "expected either a version or --remove");
        }
        try (OpenRegistry open = registry.open()) {
            if (remove) {
                open.models().removeAlias(model, alias);
            } else {
                open.models().alias(model, alias, version.orElseThrow());
            }
            ModelInfo info = open.models().describe(model);
            root.print(output.json, RegistryReport.json(info), RegistryReport.line(info));
            return ExitCode.OK.code();
        }
    }
}
