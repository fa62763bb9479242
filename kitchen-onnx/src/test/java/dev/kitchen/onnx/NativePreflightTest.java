package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.onnx.ForkedJvm.Result;
import dev.kitchen.onnx.natives.FakeJar;
import dev.kitchen.onnx.natives.NativePlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativePreflightTest {

    @TempDir
    private Path directory;

    @Test
    void saysWhatRunsWhereItRuns() throws Exception {
        Result result = findings().run();

        assertThat(result.output())
                .contains("INFO onnxruntime-version: ONNX Runtime 1.28.0 on " + NativePlatform.current())
                .contains("INFO native-store: native libraries are kept in ")
                .contains("INFO onnxruntime-loaded: ONNX Runtime 1.28.0 is loaded")
                .doesNotContain("ERROR");
    }

    @Test
    void everyFindingIsOneLineWithACodeInKebabCase() {
        assertThat(NativePreflight.findings()).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.code()).matches("[a-z]+(-[a-z]+)*");
            assertThat(finding.toString()).doesNotContain("\n");
        });
    }

    @Test
    void namesATemporaryDirectoryThatIsNotThere() throws Exception {
        Result result = findings()
                .withFlags("-Djava.io.tmpdir=" + directory.resolve("missing"))
                .run();

        assertThat(result.output()).contains("ERROR temp-dir-unusable: ").doesNotContain("onnxruntime-loaded");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void namesTwoVersions() throws Exception {
        Path other = FakeJar.with(
                directory.resolve("other.jar"),
                "META-INF/maven/com.microsoft.onnxruntime/onnxruntime/pom.properties",
                "version=1.29.0\n");

        Result result = findings()
                .withClassPath(System.getProperty("java.class.path") + java.io.File.pathSeparator + other)
                .withEnvironment("ORT_DISABLE_TELEMETRY", "")
                .run();

        assertThat(result.output())
                .contains("ERROR several-onnxruntime-versions: ", "1.29.0 in ", "1.28.0 in ")
                .contains("WARNING onnxruntime-telemetry: ONNX Runtime 1.29.0 sends telemetry")
                .contains("Set ORT_DISABLE_TELEMETRY=1");
    }

    @Test
    void namesAPlatformWithoutLibraries() throws Exception {
        Result result = findings().withFlags("-Dos.arch=riscv64").run();

        assertThat(result.output())
                .contains("ERROR no-native-libraries: the onnxruntime jar has no libraries for linux-riscv64, only for "
                        + "[linux-aarch64, linux-x64, osx-aarch64, win-x64]");
    }

    @Test
    void namesAMissingOnnxRuntime() throws Exception {
        Result result = findings()
                .withClassPath(System.getProperty("java.class.path")
                        .replace(
                                FakeJar.runtime().toString(),
                                directory.resolve("nothing").toString()))
                .run();

        assertThat(result.output())
                .contains("ERROR onnxruntime-not-loadable: ONNX Runtime is not on the class path; add"
                        + " com.microsoft.onnxruntime:onnxruntime");
    }

    @Test
    void aFailureToLoadIsAFinding() throws Exception {
        Files.writeString(directory.resolve("libonnxruntime.so"), "no library");

        Result result =
                findings().withFlags("-Donnxruntime.native.path=" + directory).run();

        assertThat(result.output())
                .contains("INFO native-path-chosen: the native libraries come from onnxruntime.native.path=")
                .contains("ERROR onnxruntime-not-loadable: ONNX Runtime does not load: a library is damaged");
    }

    private ForkedJvm findings() {
        return ForkedJvm.of(PrintsFindings.class)
                .withFlags("-Dkitchen.native.dir=" + directory.resolve("store"), "-Djava.io.tmpdir=" + directory);
    }
}
