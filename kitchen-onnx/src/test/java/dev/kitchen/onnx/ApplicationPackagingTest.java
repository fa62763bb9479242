package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kitchen.onnx.ForkedJvm.Result;
import dev.kitchen.onnx.natives.NativePlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The uncommon ways an application is packed and started: the guide's table of where Kitchen runs. */
class ApplicationPackagingTest {

    private static final String DENY = "--illegal-native-access=deny";

    @TempDir
    Path directory;

    private Path model;

    @BeforeEach
    void writeModel() throws Exception {
        assumeTrue(NativePlatform.current().isLinux(), "mapped libraries are read from /proc");
        model = TestModels.classifier(directory, "classifier", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C C", "C JAVA", "JAVA C", "JAVA C AUTO JAVA C"})
    void classLoadersOfOneJvmUseDifferentApis(String apis) throws Exception {
        assumeTrue(hasForeignRuntime(), "only the Java API is used before JDK 22");

        Result result = inClassLoaders(apis.split(" "));

        int loaders = apis.split(" ").length;
        assertThat(result.output()).contains("loaders=" + loaders).doesNotContain("failure=", "same=false");
        assertThat(result.output().lines().filter("same=true"::equals)).hasSize(loaders * 6);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void aLibraryThatWasSweptAwayIsFoundAgainInTheStore() throws Exception {
        assumeTrue(hasForeignRuntime(), "only the C API uses a library that is mapped already");

        Result result = inClassLoaders("C", "sweep", "C", "JAVA");

        assertThat(result.output()).contains("loaders=3").doesNotContain("failure=", "same=false");
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"C", "JAVA"})
    void oldDeploymentsOfAnApplicationLeaveTheMemory(OnnxOptions.Api api) throws Exception {
        assumeTrue(api != OnnxOptions.Api.C || hasForeignRuntime(), "only the Java API is used before JDK 22");

        Result result = configured(RedeploysKitchen.class)
                .withFlags("--add-opens=java.base/java.lang=ALL-UNNAMED")
                .withArguments(model.toString(), api.name(), "8")
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        // By the Java API the first deployment keeps the library mapped, and a cache of the JDK's may keep the last
        // one.
        assertThat(Integer.parseInt(result.value("alive"))).isLessThanOrEqualTo(api == OnnxOptions.Api.C ? 1 : 2);
    }

    @Test
    void beforeTheCApiNoFlagIsNeededForThat() throws Exception {
        assumeTrue(!hasForeignRuntime(), "newer JDKs print a warning for what this takes");

        Result result = configured(RedeploysKitchen.class)
                .withArguments(model.toString(), "JAVA", "8")
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Integer.parseInt(result.value("alive"))).isLessThanOrEqualTo(2);
    }

    private Result inClassLoaders(String... apis) throws Exception {
        return configured(AsksInClassLoaders.class)
                .withArguments(Stream.concat(Stream.of(model.toString()), Stream.of(apis))
                        .toArray(String[]::new))
                .run();
    }

    @Test
    void aFatJarRunsByTheSameRoadAsItsParts() throws Exception {
        Path jar = FatJar.write(directory.resolve("fat.jar"), AsksOnce.class, false);

        Result result = ask("AUTO").withJar(jar).withoutNativeAccess().run();

        assertThat(result.output()).contains("same=true", "jni=" + !hasForeignRuntime());
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void theManifestOfTheJarThatIsStartedAllowsNativeAccess() throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "native access can be denied since JDK 24");
        Path jar = FatJar.write(directory.resolve("fat.jar"), AsksOnce.class, true);

        Result started =
                ask("C").withJar(jar).withoutNativeAccess().withFlags(DENY).run();
        Result onClassPath = ask("C").withClassPath(jar.toString())
                .withoutNativeAccess()
                .withFlags(DENY)
                .run();

        assertThat(started.output()).contains("same=true", "jni=false").doesNotContain("WARNING");
        assertThat(onClassPath.value("failure"))
                .contains("the JVM denies native access; start it with --enable-native-access=ALL-UNNAMED");
    }

    /** JNI needs the same permission, so nothing is left to fall back to. */
    @Test
    void deniedNativeAccessEndsInOneLineThatNamesTheFlag() throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "native access can be denied since JDK 24");

        Result result = ask("AUTO").withoutNativeAccess().withFlags(DENY).run();

        assertThat(result.value("failure"))
                .contains("the JVM denies native access; start it with --enable-native-access=ALL-UNNAMED");
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"java.base,C", "'java.base,java.logging',JAVA"})
    @Tag("proof")
    void aLinkedRuntimeNeedsTheseModules(String modules, String api) throws Exception {
        assumeTrue(api.equals("JAVA") || hasForeignRuntime(), "the C API needs JDK 22");
        Result result = ask(api).withHome(linked(modules)).withoutNativeAccess().run();

        assertThat(result.output()).contains("same=true");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    @Tag("proof")
    void aLinkedRuntimeWithoutLoggingIsToldWhichModuleTheJavaApiLacks() throws Exception {
        Result result =
                ask("JAVA").withHome(linked("java.base")).withoutNativeAccess().run();

        assertThat(result.value("failure")).contains("lacks the module java.logging; add it to jlink's --add-modules");
    }

    private Path linked(String modules) throws Exception {
        Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        assumeTrue(Files.exists(jlink), "this JDK has no jlink");
        Path image = directory.resolve("image");
        Process process = new ProcessBuilder(jlink.toString(), "--add-modules", modules, "--output", image.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return image;
    }

    private static boolean hasForeignRuntime() {
        return RuntimeChoice.foreign().api().isPresent();
    }

    private ForkedJvm ask(String api) {
        return configured(AsksOnce.class).withArguments(model.toString(), api);
    }

    private ForkedJvm configured(Class<?> main) {
        return ForkedJvm.of(main)
                .withFlags("-Dkitchen.native.dir=" + directory.resolve("store"), "-Djava.io.tmpdir=" + directory);
    }
}
