package dev.kitchen.cli;

import dev.kitchen.error.ModelNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which registry a command is about. */
@Command
final class RegistryOptions {

    @Option(
            names = {"-r", "--registry"},
            paramLabel = "DIR",
            defaultValue = "${env:KITCHEN_REGISTRY:-models}",
            description = "The directory of the registry. If unset, what KITCHEN_REGISTRY says, or 'models'.")
    private Path directory;

    /** Opens what is there. To be closed. */
    OpenRegistry open() {
        if (!Files.isDirectory(directory)) {
            throw new ModelNotFoundException("registry " + directory + ": no such directory");
        }
        return OpenRegistry.at(directory);
    }

    /** Opens what is there, or what is to be. To be closed. */
    OpenRegistry openOrCreate() throws IOException {
        Files.createDirectories(directory);
        return OpenRegistry.at(directory);
    }
}
