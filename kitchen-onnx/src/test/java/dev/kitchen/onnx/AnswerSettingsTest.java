package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When kitchens that share a cache may give each other's answers. */
class AnswerSettingsTest {

    private static final OnnxOptions DEFAULTS = OnnxOptions.defaults();

    @TempDir
    Path directory;

    private static String of(OnnxOptions options) {
        return new OnnxBackend(options).variant();
    }

    @Test
    void namesTheRuntimeThatRuns() {
        assertThat(of(DEFAULTS)).startsWith("onnxruntime 1.").isEqualTo(of(OnnxOptions.defaults()));
        assertThat(AnswerSettings.of("1.28.0", DEFAULTS)).isNotEqualTo(AnswerSettings.of("1.29.0", DEFAULTS));
    }

    @Test
    void threadsMemoryAndRoadChangeNoAnswer() {
        assertThat(of(DEFAULTS.toBuilder()
                        .intraOpThreads(3)
                        .interOpThreads(2)
                        .memoryArena(false)
                        .api(OnnxOptions.Api.JAVA)
                        .build()))
                .isEqualTo(of(DEFAULTS));
    }

    @Test
    void optimizationAndProvidersDo() {
        assertThat(of(DEFAULTS.toBuilder()
                        .optimization(OnnxOptions.Optimization.NONE)
                        .build()))
                .isNotEqualTo(of(DEFAULTS));
        assertThat(AnswerSettings.of(
                        "1",
                        DEFAULTS.toBuilder()
                                .executionProviders(ExecutionProvider.of("xnnpack"))
                                .build()))
                .isNotEqualTo(AnswerSettings.of("1", DEFAULTS));
    }

    @Test
    void customOperatorsAreToldApartByWhatIsInTheLibrary() throws IOException {
        Path one = Files.write(directory.resolve("one.so"), new byte[] {1, 2});
        Path same = Files.write(directory.resolve("same.so"), new byte[] {1, 2});
        Path other = Files.write(directory.resolve("other.so"), new byte[] {1, 3});

        assertThat(with(one)).isEqualTo(with(same)).isNotEqualTo(with(other)).isNotEqualTo(of(DEFAULTS));
        assertThat(with(directory.resolve("none.so"))).isNotEqualTo(with(directory.resolve("none.so")));
    }

    private static String with(Path library) {
        return AnswerSettings.of(
                "1", DEFAULTS.toBuilder().customOpLibraries(library).build());
    }
}
