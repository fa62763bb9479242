package dev.kitchen.cli;

import dev.kitchen.Kitchen;
import dev.kitchen.PreflightReport;
import dev.kitchen.spi.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Says whether this machine can run models. */
@Command(
        name = "doctor",
        description = "Say whether this machine can run models, and what to do if not. Exit code 1 if not.",
        footer = {"", "Examples:", "  kitchen doctor", "  kitchen doctor --json | jq -e .ready"})
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        PreflightReport report = Kitchen.preflight();
        root.print(output.json, json(report), text(report));
        return (report.isReady() ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private static Map<String, Object> json(PreflightReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ready", report.isReady());
        json.put("kitchen", BuildVersion.text());
        json.put("java", Runtime.version());
        json.put("findings", report.findings().stream().map(DoctorCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        json.put("code", finding.code());
        json.put("problem", finding.problem());
        json.put("remedy", finding.remedy());
        return json;
    }

    private static String text(PreflightReport report) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : report.findings()) {
            lines.add(
                    Texts.oneLine(String.format("%-8s%s: %s", finding.severity(), finding.code(), finding.problem())));
            if (!finding.remedy().isEmpty()) {
                lines.add("        " + Texts.oneLine(finding.remedy()));
            }
        }
        lines.add(report.isReady() ? "Models will run here." : "Models will not run here.");
        return String.join("\n", lines);
    }
}
