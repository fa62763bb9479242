package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void linksALibraryInsteadOfCopyingIt() throws Exception {
        Path library = Files.writeString(directory.resolve("library"), "content");
        NativeDirectory natives = NativeDirectory.createIn(directory);

        natives.add("libx.so", library);

        assertThat(Files.isSameFile(natives.path().resolve("libx.so"), library)).isTrue();
        assertThat(Files.getAttribute(library, "unix:nlink")).isEqualTo(2);
    }

    @Test
    void copiesALibraryFromAnotherFileSystem() throws Exception {
        Path elsewhere = Path.of("/dev/shm");
        assumeThat(elsewhere).as("another file system").isDirectory();
        assumeThat(Files.getFileStore(elsewhere)).isNotEqualTo(Files.getFileStore(directory));
        Path library = Files.writeString(Files.createTempFile(elsewhere, "library", ".so"), "content");
        library.toFile().deleteOnExit();
        NativeDirectory natives = NativeDirectory.createIn(directory);

        natives.add("libx.so", library);

        assertThat(natives.path().resolve("libx.so")).hasContent("content").isExecutable();
        Files.delete(library);
    }

    @Test
    void isNotTheSameTwiceAndCarriesTheProcessInItsName() throws Exception {
        Path one = NativeDirectory.createIn(directory).path();
        Path other = NativeDirectory.createIn(directory).path();

        assertThat(one).isNotEqualTo(other);
        assertThat(one.getFileName().toString())
                .startsWith(ProcessHandle.current().pid() + "-")
                .startsWith(NativeDirectory.processName() + "-");
    }
}
