package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kitchen.onnx.ForkedJvm;
import dev.kitchen.onnx.ForkedJvm.Result;
import dev.kitchen.onnx.ForkedJvm.Running;
import dev.kitchen.onnx.official.LoadsInTwoClassLoaders;
import dev.kitchen.onnx.official.LoadsRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk, and where, once ONNX Runtime is loaded. */
class NativeInstallationTest {

    @TempDir
    private Path directory;

    @Test
    void writesNothingIntoTheStoreOnTheSecondStart() throws Exception {
        load().run();
        Map<String, String> before = fingerprints();

        Result second = load().run();

        assertThat(second.output()).contains("answer=42.0");
        assertThat(fingerprints()).isEqualTo(before).hasSize(2);
    }

    @Test
    void repairsADamagedLibraryInTheStore() throws Exception {
        load().run();
        Map<String, String> before = fingerprints();
        Path library = store().resolve("libraries").resolve(names("libraries").get(0));
        Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwx------"));
        byte[] content = Files.readAllBytes(library);
        content[content.length / 2] ^= 1;
        Files.write(library, content, StandardOpenOption.TRUNCATE_EXISTING);

        Result second = load().run();

        assertThat(second.output()).contains("answer=42.0");
        assertThat(fingerprints().keySet()).isEqualTo(before.keySet());
        assertThat(LibraryDigest.of(library).sha256()).isEqualTo(shaInName(library));
    }

    @Test
    void fourJvmsMayStartAtOnceOnAnEmptyStore() throws Exception {
        List<Running> jvms = new ArrayList<>();
        for (int index = 0; index < 4; index++) {
            jvms.add(load().start());
        }

        for (Running jvm : jvms) {
            try (jvm) {
                assertThat(jvm.readLine()).isEqualTo("answer=42.0");
                jvm.process().getOutputStream().close();
                jvm.process().inputReader().transferTo(java.io.Writer.nullWriter());
                assertThat(jvm.process().waitFor()).isZero();
            }
        }
        assertThat(names("libraries")).hasSize(2);
        assertThat(names("running")).isEmpty();
    }

    @Test
    void sweepsWhatAKilledJvmHasLeft() throws Exception {
        try (Running killed = load().withArguments("wait").start()) {
            awaitReady(killed);
            killed.kill();
        }
        assertThat(names("running")).hasSize(2);

        Result next = load().run();

        assertThat(next.output()).contains("swept=1", "answer=42.0");
        assertThat(names("running")).isEmpty();
    }

    @Test
    void leavesTheDirectoriesOfALivingJvmAloneEvenIfItHasTwoClassLoaders() throws Exception {
        ForkedJvm two = configured(ForkedJvm.of(LoadsInTwoClassLoaders.class)).withArguments("wait");
        try (Running living = two.start()) {
            for (String line = ""; !line.startsWith("loaders="); line = living.readLine()) {
                assertThat(line).doesNotStartWith("failure=");
            }
            List<String> before = names("running");

            Result other = load().run();

            assertThat(other.output()).contains("swept=0", "answer=42.0");
            assertThat(names("running")).isEqualTo(before).hasSize(4);
        }
    }

    @Test
    void refusesAStoreThatOthersCanWriteInto() throws Exception {
        Files.createDirectory(store());
        Files.setPosixFilePermissions(store(), PosixFilePermissions.fromString("rwxrwxrwx"));

        Result result = load().run();

        assertThat(result.value("failure")).contains(store() + " is rwxrwxrwx", "could plant a library", "chmod 700");
        assertThat(names("")).isEmpty();
    }

    @Test
    void fallsBackToTheTemporaryDirectoryWhenTheHomeCannotBeWritten() throws Exception {
        Path home = Files.createFile(directory.resolve("home"));
        Path temporary = Files.createDirectory(directory.resolve("tmp"));

        Result result = ForkedJvm.of(LoadsRuntime.class)
                .withEnvironment("XDG_CACHE_HOME", "")
                .withFlags("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporary, "-Duser.name=a/b")
                .run();

        assertThat(result.output()).contains("answer=42.0");
        assertThat(result.value("directory")).startsWith(temporary.resolve("kitchen-natives-a_b") + "/running/");
    }

    @Test
    void fallsBackFromAHomeThatIsMountedNoexec() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (SmallMount mount = SmallMount.at(home, "noexec,size=64m")) {
            assumeThat(mount.isMounted())
                    .as("mounting a tmpfs needs root: %s", mount.reason())
                    .isTrue();

            Result result = ForkedJvm.of(LoadsRuntime.class)
                    .withEnvironment("XDG_CACHE_HOME", "")
                    .withFlags("-Duser.home=" + home, "-Djava.io.tmpdir=" + directory)
                    .run();

            assertThat(result.output()).contains("answer=42.0");
            assertThat(result.value("directory")).startsWith(directory + "/kitchen-natives-");
        }
    }

    @Test
    void fallsBackFromAHomeWithoutRoom() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (SmallMount mount = SmallMount.at(home, "size=1m")) {
            assumeThat(mount.isMounted())
                    .as("mounting a tmpfs needs root: %s", mount.reason())
                    .isTrue();

            Result result = ForkedJvm.of(LoadsRuntime.class)
                    .withEnvironment("XDG_CACHE_HOME", "")
                    .withFlags("-Duser.home=" + home, "-Djava.io.tmpdir=" + directory)
                    .run();

            assertThat(result.output()).contains("answer=42.0");
            assertThat(result.value("directory")).startsWith(directory + "/kitchen-natives-");
            assertThat(home.resolve(".cache/kitchen/natives/running")).isEmptyDirectory();
        }
    }

    @Test
    void aChosenStoreThatIsMountedNoexecIsNamed() throws Exception {
        Files.createDirectory(store());
        try (SmallMount mount = SmallMount.at(store(), "noexec,size=64m")) {
            assumeThat(mount.isMounted())
                    .as("mounting a tmpfs needs root: %s", mount.reason())
                    .isTrue();

            Result result = load().run();

            assertThat(result.value("failure")).contains(store() + " is mounted noexec", "-Dkitchen.native.dir");
        }
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

    private Map<String, String> fingerprints() throws IOException {
        Map<String, String> fingerprints = new HashMap<>();
        for (String name : names("libraries")) {
            Path file = store().resolve("libraries").resolve(name);
            fingerprints.put(name, Files.getAttribute(file, "unix:ino") + " " + Files.getLastModifiedTime(file));
        }
        return fingerprints;
    }

    private static String shaInName(Path library) {
        String name = library.getFileName().toString();
        return name.substring(name.lastIndexOf('-') + 1);
    }

    private static void awaitReady(Running jvm) throws IOException {
        for (String line = ""; !line.equals("ready=true"); line = jvm.readLine()) {
            assertThat(line).doesNotStartWith("failure=");
        }
    }
}
