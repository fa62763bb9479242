package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeJarsTest {

    private static final String POM = "META-INF/maven/com.microsoft.onnxruntime/onnxruntime/pom.xml";
    private static final String GPU = "META-INF/maven/com.microsoft.onnxruntime/onnxruntime_gpu/pom.properties";

    @TempDir
    private Path directory;

    @Test
    void findsTheRealOne() {
        assertThat(RuntimeJars.onClassPath(getClass().getClassLoader()).version())
                .contains("1.28.0");
    }

    @Test
    void theSameVersionTwiceIsHarmless() throws Exception {
        RuntimeJars jars = of(
                jar("a.jar", POM, "<project><version>1.28.0</version></project>"),
                jar("b.jar", POM, "<project><version>1.28.0</version></project>"));

        jars.requireOneVersion();

        assertThat(jars.versions()).hasSize(2);
        assertThat(jars.version()).contains("1.28.0");
    }

    @Test
    void theGpuArtifactCountsToo() throws Exception {
        URL cpu = jar("cpu.jar", POM, "<project><version>1.28.0</version></project>");
        URL gpu = jar("gpu.jar", GPU, "#made by hand\nversion=1.29.0\nartifactId=onnxruntime_gpu\n");

        assertThatThrownBy(() -> of(cpu, gpu).requireOneVersion())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("1.28.0 in " + cpu)
                .hasMessageContaining("1.29.0 in " + gpu);
    }

    @Test
    void theManifestOfAnApplicationSaysNothingAboutOnnxRuntime() throws Exception {
        URL application = FakeJar.with(
                        directory.resolve("application.jar"),
                        Map.of(
                                "META-INF/MANIFEST.MF",
                                "Manifest-Version: 1.0\nImplementation-Title: shop\nImplementation-Version: 3.1\n\n",
                                "ai/onnxruntime/OnnxRuntime.class",
                                ""))
                .toUri()
                .toURL();

        assertThat(of(application).versions()).isEmpty();
        assertThat(of(application).version()).isEmpty();
    }

    @Test
    void comparesVersionsByNumber() {
        assertThat(RuntimeVersion.parse("1.100.0").orElseThrow().isAtLeast(1, 29))
                .isTrue();
        assertThat(RuntimeVersion.parse("1.29.0-rc1").orElseThrow().isAtLeast(1, 29))
                .isTrue();
        assertThat(RuntimeVersion.parse("2.0").orElseThrow().isAtLeast(1, 29)).isTrue();
        assertThat(RuntimeVersion.parse("1.28.9").orElseThrow().isAtLeast(1, 29))
                .isFalse();
        assertThat(RuntimeVersion.parse("unknown")).isEmpty();
    }

    private URL jar(String name, String entry, String content) throws IOException {
        return FakeJar.with(directory.resolve(name), entry, content).toUri().toURL();
    }

    private static RuntimeJars of(URL... jars) throws IOException {
        try (URLClassLoader loader = new URLClassLoader(jars, null)) {
            return RuntimeJars.onClassPath(loader);
        }
    }
}
