package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void createsWhatIsMissingForThisUserOnlyAndLeavesNothingInIt() throws Exception {
        Path checked = PrivateDirectory.checked(directory.resolve("a/b"));

        assertThat(checked).isEqualTo(directory.toRealPath().resolve("a/b"));
        assertThat(permissions(checked)).isEqualTo("rwx------");
        assertThat(permissions(checked.getParent())).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(checked)) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx---rwx", "rwx-w----", "rwx----w-"})
    void refusesADirectoryThatOthersMayWrite(String permissions) throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> PrivateDirectory.checked(open))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is " + permissions)
                .hasMessageContaining("could plant a library there");
    }

    @Test
    void acceptsADirectoryThatOthersMayRead() throws Exception {
        Path readable = Files.createDirectory(directory.resolve("readable"));
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(PrivateDirectory.checked(readable)).isEqualTo(readable.toRealPath());
    }

    @Test
    void refusesADirectoryOfSomebodyElse() throws Exception {
        Path others = Files.createDirectory(directory.resolve("others"));
        try {
            Files.setOwner(
                    others,
                    others.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        } catch (IOException e) {
            assumeThat(false).as("giving a directory away needs root: %s", e).isTrue();
        }

        assertThatThrownBy(() -> PrivateDirectory.checked(others))
                .hasMessageContaining("belongs to nobody")
                .hasMessageContaining("name a directory of your own");
    }

    @Test
    void refusesAMountWithoutTheRightToExecute() throws Exception {
        try (SmallMount mount = SmallMount.at(directory, "noexec,size=64m")) {
            assumeThat(mount.isMounted())
                    .as("mounting a tmpfs needs root: %s", mount.reason())
                    .isTrue();

            assertThatThrownBy(() -> PrivateDirectory.checked(directory)).hasMessageContaining("is mounted noexec");
        }
    }

    @Test
    void checksTheTargetOfASymbolicLink() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), open);

        assertThatThrownBy(() -> PrivateDirectory.checked(link)).hasMessageContaining("is rwxrwxrwx");
    }

    @Test
    void refusesAFileInThePlaceOfADirectory() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> PrivateDirectory.checked(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PrivateDirectory.checked(file.resolve("below")))
                .isInstanceOf(IOException.class);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
