package dev.kitchen.cli;

import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Registers a version. */
@Command(
        name = "deploy",
        description = {
            "Register a version of a model, after it has proved itself: it is hashed, loaded, compared with the current",
            "version, and its golden cases are replayed. Becomes current with --activate, or as the model's first."
        },
        footer = {
            "",
            "Examples:",
            "  kitchen deploy fraud fraud.onnx",
            "  kitchen deploy fraud build/fraud-bundle --version 2026-11 --metric auc=0.93 --activate",
            "  kitchen deploy fraud fraud.onnx --lineage git_commit=$(git rev-parse HEAD) --json | jq -r .version"
        })
final class DeployCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name in the registry.")
    private String model;

    @Parameters(index = "1", paramLabel = "SOURCE", description = "A model file, or a directory with one; copied.")
    private Path source;

    @Option(
            names = "--version",
            paramLabel = "NAME",
            description = "What the version is called. If unset, the next number.")
    private Optional<String> version;

    @Option(names = "--activate", description = "Make it the current version.")
    private boolean activate;

    @Option(
            names = "--force",
            description = "Deploy although the signature is another, the budget is exceeded or nothing could be tried.")
    private boolean force;

    @Option(names = "--metric", paramLabel = "NAME=NUMBER", description = "How good it is: auc=0.93.")
    private Map<String, Double> metrics = new LinkedHashMap<>();

    @Option(names = "--lineage", paramLabel = "KEY=TEXT", description = "Where it comes from: git_commit=abc.")
    private Map<String, String> lineage = new LinkedHashMap<>();

    @Option(names = "--tag", paramLabel = "KEY=TEXT", description = "Whatever else is to be kept with it.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(source)) {
            throw new ModelNotFoundException(source + ": no such file or directory, expected a model to deploy");
        }
        try (OpenRegistry open = registry.openOrCreate()) {
            VersionInfo deployed = open.models().deploy(request());
            root.print(output.json, RegistryReport.json(deployed), RegistryReport.line(deployed));
        }
        return ExitCode.OK.code();
    }

    private DeployRequest request() {
        DeployRequest.Builder request = DeployRequest.of(model, source);
        version.ifPresent(request::version);
        metrics.forEach(request::metric);
        lineage.forEach(request::lineage);
        tags.forEach(request::tag);
        if (activate) {
            request.activate();
        }
        if (force) {
            request.force();
        }
        return request.build();
    }
}
