package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that end the process of ONNX Runtime are refused, and others are answered. */
class DangerousRequestTest {

    @TempDir
    Path directory;

    @Test
    void refusesWhatEndsTheProcess() throws Exception {
        refuses(DangerousRequestRun.class, "AUTO");
    }

    @Test
    void refusesWhatEndsTheProcessThroughTheJavaApi() throws Exception {
        refuses(DangerousRequestRun.class, "JAVA");
    }

    @Test
    void refusesWhatEndsTheProcessFurtherDownTheGraph() throws Exception {
        refuses(DangerousGraphRun.class, "AUTO");
    }

    @Test
    void refusesWhatEndsTheProcessFurtherDownTheGraphThroughTheJavaApi() throws Exception {
        refuses(DangerousGraphRun.class, "JAVA");
    }

    private void refuses(Class<?> run, String api) throws Exception {
        ForkedJvm.Result result =
                ForkedJvm.of(run).withArguments(api, directory.toString()).run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines().filter(line -> line.startsWith("answered")))
                .as(result.output())
                .allMatch(line -> line.equals("answered good"));
        assertThat(result.output().lines().filter(line -> line.startsWith("failed")))
                .isEmpty();
        assertThat(result.output().lines().filter(line -> line.equals("answered good")))
                .as(result.output())
                .hasSize(Integer.parseInt(result.value("survived")));
    }
}
