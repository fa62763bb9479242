package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeStoreTest {

    @TempDir
    private Path directory;

    private NativeStore store;
    private Path workspace;

    @BeforeEach
    void createStore() throws IOException {
        store = NativeStore.in(directory);
        workspace = Files.createDirectory(directory.resolve("workspace"));
    }

    @Test
    void keepsLibrariesOfTheSameNameApartByTheirContent() throws Exception {
        Path one = store.file(resource("one.so", "first"), workspace);
        Path other = store.file(resource("two.so", "other"), workspace);

        assertThat(one).hasContent("first");
        assertThat(other).hasContent("other");
        assertThat(one.getFileName().toString()).startsWith("library.so-5-").endsWith(sha256("first"));
    }

    @Test
    void givesTheSameFileAgain() throws Exception {
        NativeResource resource = resource("one.so", "first");
        Path first = store.file(resource, workspace);
        Object inode = Files.getAttribute(first, "unix:ino");

        Path second = store.file(resource, workspace);

        assertThat(second).isEqualTo(first);
        assertThat(Files.getAttribute(second, "unix:ino")).isEqualTo(inode);
    }

    @Test
    void filesOfTheStoreCanBeExecutedAndNotWritten() throws Exception {
        Path file = store.file(resource("one.so", "first"), workspace);

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("r-x------"));
    }

    @Test
    void replacesAFileWhoseContentDoesNotFitItsName() throws Exception {
        NativeResource resource = resource("one.so", "first");
        Path file = store.file(resource, workspace);
        Files.delete(file);
        Files.writeString(file, "fIrst");

        assertThat(store.file(resource, workspace)).isEqualTo(file).hasContent("first");
    }

    @Test
    void doesNotFollowALinkPlantedInTheStore() throws Exception {
        NativeResource resource = resource("one.so", "first");
        Path file = store.file(resource, workspace);
        Files.delete(file);
        Path target = Files.writeString(directory.resolve("target"), "first");
        Files.createSymbolicLink(file, target);

        assertThat(store.file(resource, workspace)).isEqualTo(file).hasContent("first");
        assertThat(file).isRegularFile().isNotEqualTo(target);
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void leavesNoPartsInTheWorkspace() throws Exception {
        store.file(resource("one.so", "first"), workspace);

        try (Stream<Path> files = Files.list(workspace)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void refusesALibraryThatIsDamagedInItsJar() throws Exception {
        NativeResource intact = resource("one.so", "first");
        NativeResource damaged = new NativeResource(intact.fileName(), intact.url(), intact.crc() ^ 1, intact.size());

        assertThatThrownBy(() -> store.file(damaged, workspace))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("one.so is damaged")
                .hasMessageContaining("5 bytes with CRC")
                .hasMessageContaining("download the onnxruntime jar again");
        try (Stream<Path> files = Files.list(directory.resolve("libraries"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void readsSizeAndChecksumFromTheDirectoryOfTheJar() throws Exception {
        ClassLoader loader = getClass().getClassLoader();

        List<NativeResource> resources = NativeResource.onClassPath(loader, new NativePlatform("linux-x64"));

        assertThat(resources)
                .extracting(NativeResource::fileName)
                .containsExactly("libonnxruntime.so", "libonnxruntime4j_jni.so");
        for (NativeResource resource : resources) {
            try (var content = resource.open()) {
                assertThat(resource.has(LibraryDigest.of(content))).isTrue();
            }
        }
    }

    @Test
    void knowsThePlatformsOfTheJar() {
        assertThat(NativeResource.platforms(getClass().getClassLoader()))
                .extracting(NativePlatform::name)
                .containsExactly("linux-aarch64", "linux-x64", "osx-aarch64", "win-x64");
    }

    private NativeResource resource(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        return NativeResource.of("library.so", file.toUri().toURL());
    }

    private static String sha256(String text) throws IOException {
        return LibraryDigest.of(new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .sha256();
    }
}
