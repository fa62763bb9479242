package dev.kitchen.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.kitchen.error.KitchenException;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What on this machine keeps ONNX Runtime from running, or will surprise. */
final class NativePreflight {

    private NativePreflight() {}

    /**
     * Looks around, and then, unless that has found the reason why it cannot work, loads the native libraries, which is
     * the only proof that they load. Never throws.
     */
    static List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        check(findings, RuntimePreflight::findings);
        check(findings, DirectoryPreflight::findings);
        check(findings, MachinePreflight::findings);
        if (findings.stream().noneMatch(it -> it.severity() == Severity.ERROR)) {
            check(findings, NativePreflight::loading);
        }
        return List.copyOf(findings);
    }

    private static void check(List<Finding> findings, Supplier<List<Finding>> check) {
        try {
            findings.addAll(check.get());
        } catch (RuntimeException | LinkageError e) {
            findings.add(new Finding(
                    Severity.WARNING, "preflight-incomplete", "a check failed: " + OneLine.of(e.toString(), 200), ""));
        }
    }

    private static List<Finding> loading() {
        try {
            OrtEnvironment environment = OnnxEnvironment.get();
            List<Finding> findings = new ArrayList<>();
            findings.add(new Finding(
                    Severity.INFO,
                    "onnxruntime-loaded",
                    "ONNX Runtime " + environment.getVersion() + " is loaded",
                    ""));
            int swept = OnnxEnvironment.installation()
                    .map(NativeInstallation::sweptDirectories)
                    .orElse(0);
            if (swept > 0) {
                findings.add(new Finding(
                        Severity.INFO,
                        "stale-directories-swept",
                        swept + " directories of dead JVMs were deleted",
                        ""));
            }
            return findings;
        } catch (KitchenException e) {
            return List.of(new Finding(
                    Severity.ERROR, "onnxruntime-not-loadable", OneLine.of(String.valueOf(e.getMessage()), 800), ""));
        }
    }
}
