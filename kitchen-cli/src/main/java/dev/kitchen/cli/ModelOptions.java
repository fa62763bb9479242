package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.ModelNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which model a command is about. */
@Command
final class ModelOptions {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model file, or a directory of models.")
    private Path path;

    @Option(
            names = {"-e", "--endpoint"},
            paramLabel = "NAME",
            description = "Which model of a directory; needless where it has one only.")
    private Optional<String> endpoint;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Path path() {
        return path;
    }

    /** Loads what is there. To be closed. */
    Kitchen open() {
        if (!Files.exists(path)) {
            throw new ModelNotFoundException(
                    path + ": no such file or directory, expected a model file or a directory");
        }
        return Kitchen.open(path);
    }

    Endpoint endpoint(Kitchen kitchen) {
        return kitchen.endpoint(endpoint.orElseGet(() -> onlyName(kitchen)));
    }

    private String onlyName(Kitchen kitchen) {
        Set<String> names = kitchen.endpointNames();
        Iterator<String> iterator = names.iterator();
        if (names.size() != 1) {
            throw new ParameterException(
                    command.commandLine(), path + ": has the models " + names + ", expected --endpoint to name one");
        }
        return iterator.next();
    }
}
