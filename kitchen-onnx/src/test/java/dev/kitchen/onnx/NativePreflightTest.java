package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.onnx.ForkedJvm.Result;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.Finding.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                .withEnvironment(Telemetry.VARIABLE, "")
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

    @Test
    void aPlaceForTheStoreThatIsPassedOverIsAWarningAndNoPlaceAnError() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path fine = directory.resolve("fine");

        List<Finding> second = DirectoryPreflight.store(new StoreLocations(List.of(file, fine), false));
        List<Finding> none = DirectoryPreflight.store(new StoreLocations(List.of(file), true));

        assertThat(second).extracting(Finding::code).containsExactly("native-store-passed-over", "native-store");
        assertThat(none).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.code()).isEqualTo("no-native-store");
            assertThat(finding.problem()).contains(file.toString());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.28.0", "0.9.1", "unknown"})
    void versionsThatSendNothingRaiseNoWarning(String version) {
        assertThat(Telemetry.warning(version, null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1.29.0,", "1.30.1,0", "2.0.0,''"})
    void versionsThatReportRaiseAWarningUnlessForbidden(String version, String variable) {
        assertThat(Telemetry.warning(version, variable)).isPresent();
        assertThat(Telemetry.warning(version, "1")).isEmpty();
        assertThat(Telemetry.warning(version, "true")).isEmpty();
    }

    @Test
    void theJarInUseHasNoAddressToReportTo() throws Exception {
        for (NativeResource resource :
                NativeResource.onClassPath(getClass().getClassLoader(), NativePlatform.current())) {
            try (var content = resource.open()) {
                String text = new String(content.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
                assertThat(Map.of(
                                "OneCollector", text.contains("OneCollector"),
                                "events.data.microsoft.com", text.contains("events.data.microsoft.com")))
                        .allSatisfy((address, found) ->
                                assertThat(found).as(address).isFalse());
            }
        }
    }

    private ForkedJvm findings() {
        return ForkedJvm.of(PrintsFindings.class)
                .withFlags("-Dkitchen.native.dir=" + directory.resolve("store"), "-Djava.io.tmpdir=" + directory);
    }
}
