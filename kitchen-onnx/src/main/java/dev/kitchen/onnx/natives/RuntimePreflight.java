package dev.kitchen.onnx.natives;

import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Findings about the ONNX Runtime on the class path. */
public final class RuntimePreflight {

    private RuntimePreflight() {}

    public static List<Finding> findings() {
        ClassLoader loader = RuntimeState.loader();
        NativePlatform platform = NativePlatform.current();
        List<Finding> findings = new ArrayList<>(versions(RuntimeJars.onClassPath(loader), platform));
        Optional<String> chosen = NativeSettings.chosenByUser();
        chosen.ifPresent(setting -> findings.add(
                new Finding(Severity.INFO, "native-path-chosen", "the native libraries come from " + setting, "")));
        if (chosen.isEmpty() && !NativeResource.isComplete(loader, platform)) {
            findings.add(new Finding(
                    Severity.ERROR,
                    "no-native-libraries",
                    "the onnxruntime jar has no libraries for " + platform + ", only for "
                            + NativeResource.platforms(loader),
                    "Set -Donnxruntime.native.path to a directory with a build for this platform"));
        }
        return findings;
    }

    static List<Finding> versions(RuntimeJars jars, NativePlatform platform) {
        List<Finding> findings = new ArrayList<>();
        String version = jars.version().orElse("of unknown version");
        findings.add(
                new Finding(Severity.INFO, "onnxruntime-version", "ONNX Runtime " + version + " on " + platform, ""));
        jars.conflict()
                .ifPresent(conflict -> findings.add(
                        new Finding(Severity.ERROR, "several-onnxruntime-versions", conflict, "Keep one of them")));
        jars.versions().values().stream()
                .distinct()
                .flatMap(it -> Telemetry.warning(it, System.getenv(Telemetry.VARIABLE)).stream())
                .forEach(warning -> findings.add(
                        new Finding(Severity.WARNING, "onnxruntime-telemetry", warning, Telemetry.remedy())));
        return findings;
    }
}
