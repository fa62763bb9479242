package dev.kitchen.onnx.natives;

import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Findings about the directories that loading native libraries needs. */
public final class DirectoryPreflight {

    private static final String STORE_REMEDY = "Set -D" + StoreLocations.PROPERTY
            + " to a directory of this user's own, with room for 30 MB and not mounted noexec";

    private DirectoryPreflight() {}

    public static List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        TemporaryDirectory.problem()
                .ifPresent(problem -> findings.add(new Finding(
                        Severity.ERROR,
                        "temp-dir-unusable",
                        problem + ", but ONNX Runtime needs to write there when it loads",
                        "Start the JVM with -Djava.io.tmpdir=<a directory it can write to>")));
        if (NativeSettings.chosenByUser().isEmpty()) {
            findings.addAll(store(StoreLocations.current()));
        }
        return findings;
    }

    /** A place that was passed over is worth a warning only where it is the user's cache, which should work. */
    static List<Finding> store(StoreLocations locations) {
        List<Finding> findings = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path candidate : locations.candidates()) {
            try {
                Path directory = PrivateDirectory.checked(candidate);
                problems.forEach(problem ->
                        findings.add(new Finding(Severity.WARNING, "native-store-passed-over", problem, STORE_REMEDY)));
                findings.add(
                        new Finding(Severity.INFO, "native-store", "native libraries are kept in " + directory, ""));
                return findings;
            } catch (IOException e) {
                problems.add(NativeInstallation.problem(candidate, e));
            }
        }
        String problem = "no place for the native libraries: " + String.join("; ", problems);
        return List.of(new Finding(Severity.ERROR, "no-native-store", problem, STORE_REMEDY));
    }
}
