package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shows that {@link CloseUnderFireTest} tests something. Not part of any build, since it is about another project:
 *
 * <pre>./mvnw verify -pl kitchen-onnx -am -Dtest=RawCrashTest -Dsurefire.failIfNoSpecifiedTests=false -Dkitchen.excludedTests=none</pre>
 */
@Tag("crash-demo")
class RawCrashTest {

    @TempDir
    Path directory;

    @Test
    void onnxRuntimesOwnApiDiesWhenASessionIsClosedDuringARun() throws Exception {
        Path model = TestModels.slow(directory, 500);

        ForkedJvm.Result result = ForkedJvm.of(RawCloseUnderFire.class)
                .withArguments(model.toString())
                .run();

        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains("SIGSEGV");
    }
}
