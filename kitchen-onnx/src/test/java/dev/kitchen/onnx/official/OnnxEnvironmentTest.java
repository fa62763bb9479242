package dev.kitchen.onnx.official;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.onnx.ForkedJvm;
import dev.kitchen.onnx.ForkedJvm.Result;
import dev.kitchen.onnx.natives.FakeJar;
import dev.kitchen.onnx.natives.NativePlatform;
import dev.kitchen.onnx.natives.NativeResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEnvironmentTest {

    @TempDir
    private Path directory;

    @Test
    void loadsFromAFreshStoreAndLeavesNothingBehindButTheStore() throws Exception {
        Result result = load().run();

        assertThat(result.output()).contains("answer=42.0", "version=1.28.0", "same=true", "ready=true");
        assertThat(result.exitCode()).isZero();
        assertThat(result.value("mapped")).startsWith(result.value("directory") + "/libonnxruntime.so,");
        assertThat(names("running")).isEmpty();
        assertThat(directory.toFile().list()).containsExactly("store");
        assertThat(names("libraries"))
                .hasSize(2)
                .anyMatch(name -> name.matches("libonnxruntime\\.so-\\d+-[0-9a-f]+-[0-9a-f]{64}"));
    }

    @Test
    void restoresTheSystemProperty() throws Exception {
        assertThat(load().run().output()).contains("property=null");
    }

    @Test
    void opensNoSocketToANetwork() throws Exception {
        assertThat(load().run().output()).contains("sockets=0", "ready=true");
    }

    @Test
    void twoClassLoadersOfOneJvmBothRunModels() throws Exception {
        Result result = configured(ForkedJvm.of(LoadsInTwoClassLoaders.class)).run();

        assertThat(result.output().lines().filter("answer=42.0"::equals)).hasSize(2);
        assertThat(result.output()).contains("loaders=2").doesNotContain("failure=");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void usesTheNativePathOfTheUserAndLeavesThePropertyAlone() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        copyLibrariesTo(own);

        Result result = load().withFlags("-Donnxruntime.native.path=" + own).run();

        assertThat(result.output())
                .contains("answer=42.0", "directory=none", "property=" + own, "mapped=" + own + "/libonnxruntime.so");
        assertThat(store()).doesNotExist();
    }

    @Test
    void aNativePathThatTwoClassLoadersShareIsNamed() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        copyLibrariesTo(own);

        Result result = configured(ForkedJvm.of(LoadsInTwoClassLoaders.class))
                .withFlags("-Donnxruntime.native.path=" + own)
                .run();

        assertThat(result.output()).contains("answer=42.0");
        assertThat(result.value("failure"))
                .contains("another class loader has loaded the same file; unset -Donnxruntime.native.path");
    }

    @Test
    void usesAnEnvironmentThatSomebodyElseMadeBefore() throws Exception {
        Result result = load().withArguments("after-others").run();

        assertThat(result.output()).contains("answer=42.0", "others=true", "directory=none");
        assertThat(store()).doesNotExist();
    }

    @Test
    void saysSoWhenSomebodyElseHasFailedToLoadBefore() throws Exception {
        Result result = load().withArguments("after-failure-of-others").run();

        assertThat(result.value("failure")).contains("tried before in this class loader, not by Kitchen");
        assertThat(result.value("again")).isEqualTo(result.value("failure"));
    }

    @Test
    void aNativePathWithoutLibrariesIsNamed() throws Exception {
        Result result =
                load().withFlags("-Donnxruntime.native.path=" + directory).run();

        assertThat(result.value("failure"))
                .contains("has no library 'onnxruntime'")
                .contains("unset the property");
        assertThat(result.value("again")).isEqualTo(result.value("failure"));
    }

    @Test
    void aTemporaryDirectoryThatIsNotThereIsNamedWithItsCureEachTime() throws Exception {
        Path missing = directory.resolve("missing");

        Result result = load().withFlags("-Djava.io.tmpdir=" + missing).run();

        assertThat(result.value("failure"))
                .contains("java.io.tmpdir=" + missing + " does not exist")
                .contains("start the JVM with -Djava.io.tmpdir=");
        assertThat(result.value("again")).isEqualTo(result.value("failure"));
    }

    @Test
    void refusesTwoVersionsOnTheClassPath() throws Exception {
        Path other = FakeJar.with(
                directory.resolve("other.jar"),
                "META-INF/maven/com.microsoft.onnxruntime/onnxruntime/pom.properties",
                "version=1.27.0\n");

        Result result = load().withClassPath(System.getProperty("java.class.path") + java.io.File.pathSeparator + other)
                .run();

        assertThat(result.value("failure"))
                .contains("several versions of ONNX Runtime", "1.27.0 in file:" + other, "1.28.0 in file:")
                .contains("keep one of them");
        assertThat(result.value("again")).isEqualTo(result.value("failure"));
    }

    @Test
    void refusesNativeLibrariesOfAnotherVersionThanTheClasses() throws Exception {
        Path relabelled = FakeJar.relabelledRuntime(directory.resolve("relabelled.jar"), "1.27.1");

        Result result =
                load().withClassPath(FakeJar.classPathWithRuntime(relabelled)).run();

        assertThat(result.value("failure"))
                .contains("classes are version 1.27.1", "native libraries are version 1.28.0");
    }

    private ForkedJvm load() {
        return configured(ForkedJvm.of(LoadsRuntime.class));
    }

    private ForkedJvm configured(ForkedJvm jvm) {
        return jvm.withFlags("-Dkitchen.native.dir=" + store(), "-Djava.io.tmpdir=" + directory);
    }

    private Path store() {
        return directory.resolve("store");
    }

    private List<String> names(String part) throws IOException {
        try (Stream<Path> files = Files.list(store().resolve(part))) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    private void copyLibrariesTo(Path own) throws IOException {
        for (NativeResource resource :
                NativeResource.onClassPath(getClass().getClassLoader(), NativePlatform.current())) {
            try (var content = resource.url().openStream()) {
                Files.copy(content, own.resolve(resource.fileName()));
            }
        }
    }
}
