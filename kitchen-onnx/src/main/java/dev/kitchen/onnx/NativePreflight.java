package dev.kitchen.onnx;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.foreign.ForeignLoading;
import dev.kitchen.onnx.natives.DirectoryPreflight;
import dev.kitchen.onnx.natives.MachinePreflight;
import dev.kitchen.onnx.natives.NativeInstallation;
import dev.kitchen.onnx.natives.RuntimePreflight;
import dev.kitchen.onnx.official.OfficialRuntime;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds what keeps ONNX Runtime from running on this machine, or may cause problems. */
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
                    Severity.WARNING,
                    "preflight-incomplete",
                    "a check failed: " + MessageText.of(e.toString(), 200),
                    ""));
        }
    }

    private static List<Finding> loading() {
        ForeignLoading foreign = RuntimeChoice.foreign();
        try {
            List<Finding> findings = new ArrayList<>();
            String api = foreign.api().isPresent() ? "C API" : "Java API";
            OnnxRuntimeApi runtime = foreign.api().orElseGet(RuntimeChoice::official);
            findings.add(new Finding(
                    Severity.INFO,
                    "onnxruntime-loaded",
                    "ONNX Runtime " + runtime.version() + " is loaded, and called through its " + api,
                    ""));
            if (foreign.api().isEmpty()) {
                findings.add(new Finding(Severity.INFO, "c-api-not-used", foreign.obstacle(), ""));
            }
            swept(foreign).ifPresent(findings::add);
            return findings;
        } catch (KitchenException e) {
            return List.of(new Finding(
                    Severity.ERROR,
                    "onnxruntime-not-loadable",
                    MessageText.of(String.valueOf(e.getMessage()), 800),
                    ""));
        }
    }

    private static Optional<Finding> swept(ForeignLoading foreign) {
        Optional<NativeInstallation> installation =
                foreign.api().isPresent() ? foreign.installation() : OfficialRuntime.installation();
        return installation
                .map(NativeInstallation::sweptDirectories)
                .filter(it -> it > 0)
                .map(it -> new Finding(
                        Severity.INFO, "stale-directories-swept", it + " directories of dead JVMs were deleted", ""));
    }
}
