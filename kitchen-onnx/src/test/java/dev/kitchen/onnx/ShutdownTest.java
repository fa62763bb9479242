package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class ShutdownTest {

    @TempDir
    Path directory;

    @RepeatedTest(3)
    void theEndOfTheJvmDrainsStopsAndFrees() throws Exception {
        Path model = TestModels.slow(directory, 2_000);

        ForkedJvm.Result result = ForkedJvm.of(ExitsWhileBusy.class)
                .withArguments(model.toString())
                .run();

        assertThat(result.exitCode()).as(result.output()).isEqualTo(ExitsWhileBusy.EXIT_CODE);
        assertThat(result.output()).containsPattern("closed terminated=\\d leaked=false");
    }
}
