package dev.kitchen.onnx.official;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.onnx.ForkedJvm;
import dev.kitchen.onnx.ForkedJvm.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentPinTest {

    /** One for all: the store is filled once. */
    @TempDir
    private static Path directory;

    @Test
    void pinsTheEnvironmentOfThisVersionOfOnnxRuntime() {
        OnnxEnvironment.get();

        assertThat(EnvironmentPin.pin()).isTrue();
    }

    @RepeatedTest(20)
    void anExitUnderFireKeepsItsExitCode() throws Exception {
        exitUnderFire();
    }

    @Tag("proof")
    @RepeatedTest(300)
    void everyExitUnderFireKeepsItsExitCode() throws Exception {
        exitUnderFire();
    }

    private void exitUnderFire() throws InterruptedException {
        Result result = ForkedJvm.of(ExitsUnderFire.class)
                .withFlags("-Dkitchen.native.dir=" + directory.resolve("store"), "-Djava.io.tmpdir=" + directory)
                .run();

        assertThat(result.exitCode()).as(result.output()).isEqualTo(ExitsUnderFire.EXIT_CODE);
        assertThat(result.output()).isEmpty();
    }
}
