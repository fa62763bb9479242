package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.ModelNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows what a model takes, returns and consists of. */
@Command(
        name = "inspect",
        description = "Show a model file's signature, metadata, size and operators. The file is scanned, then loaded.",
        footer = {
            "",
            "Examples:",
            "  kitchen inspect iris.onnx",
            "  kitchen inspect iris.onnx --json | jq .signature.inputs"
        })
final class InspectCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "MODEL", description = "A model file.")
    private Path file;

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) {
            throw new ModelNotFoundException(
                    file + ": " + (Files.exists(file) ? "is no file" : "no such file") + ", expected a model file");
        }
        FileFacts facts = FileFacts.of(file);
        try (Kitchen kitchen = Kitchen.open(file)) {
            Endpoint endpoint =
                    kitchen.endpoint(kitchen.endpointNames().iterator().next());
            ModelReport report = new ModelReport(facts, endpoint.metadata(), endpoint.signature());
            root.print(output.json, report.json(), report);
        }
        return ExitCode.OK.code();
    }
}
