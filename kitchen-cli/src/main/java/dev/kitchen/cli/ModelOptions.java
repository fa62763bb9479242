package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.predict.CallOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    @Option(
            names = "--model-version",
            paramLabel = "VERSION",
            description = "Which version or alias of a registry's model. If unset, the current one.")
    private Optional<String> version;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Path path() {
        return path;
    }

    /** Opens what is there; of a directory, only what is asked for is loaded. To be closed. */
    Kitchen open() {
        if (!Files.exists(path)) {
            throw new ModelNotFoundException(
                    path + ": no such file or directory, expected a model file or a directory");
        }
        return Kitchen.builder()
                .models(path)
                .lazyLoading(Files.isDirectory(path))
                .watch(Duration.ZERO)
                .open();
    }

    /** Options of calls to it. */
    CallOptions.Builder callOptions() {
        CallOptions.Builder options = CallOptions.builder();
        version.ifPresent(options::version);
        return options;
    }

    Endpoint endpoint(Kitchen kitchen) {
        String name = endpoint.orElseGet(() -> onlyName(kitchen));
        if (!kitchen.endpointNames().contains(name)) {
            throw new ModelNotFoundException("no endpoint '" + MessageText.of(name) + "', expected one of "
                    + MessageText.of(kitchen.endpointNames()));
        }
        return kitchen.endpoint(name);
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
