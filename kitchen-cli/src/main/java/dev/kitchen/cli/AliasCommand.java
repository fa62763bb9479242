package dev.kitchen.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Points a name at a version, or takes it away. */
@Command(
        name = "alias",
        description = "Point a name at a version, such as champion or challenger; or take it away.",
        footer = {"", "Examples:", "  kitchen alias fraud challenger 3", "  kitchen alias fraud challenger --remove"})
final class AliasCommand extends ModelCommand {

    @Parameters(index = "1", paramLabel = "ALIAS", description = "The name.")
    private String alias;

    @Parameters(index = "2", arity = "0..1", paramLabel = "VERSION", description = "What it is to mean.")
    private Optional<String> version;

    @Option(names = "--remove", description = "Take the alias away.")
    private boolean remove;

    @Override
    void check() {
        require(remove != version.isPresent(), "expected either a version or --remove");
    }

    @Override
    void run(OpenRegistry open, String name) {
        version.ifPresentOrElse(
                it -> open.models().alias(name, alias, it), () -> open.models().removeAlias(name, alias));
        printState(open);
    }
}
