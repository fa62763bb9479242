package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeLinkTest {

    @TempDir
    Path volume;

    private Path link;

    @BeforeEach
    void layOut() throws IOException {
        Files.writeString(Files.createDirectories(volume.resolve("..2024")).resolve("model.onnx"), "graph");
        link = Files.createSymbolicLink(volume.resolve("model.onnx"), Path.of("..data/model.onnx"));
    }

    private void data(Path target) throws IOException {
        Files.deleteIfExists(volume.resolve("..data"));
        Files.createSymbolicLink(volume.resolve("..data"), target);
    }

    @Test
    void leadsToThePresentContent() throws IOException {
        data(Path.of("..2024"));

        assertThat(VolumeLink.target(link)).contains(volume.resolve("..2024/model.onnx"));
    }

    @Test
    void aLinkToAnythingElseLeadsNowhere() throws IOException {
        data(Path.of("..2024"));
        Path other = Files.createSymbolicLink(volume.resolve("other"), Path.of("..data/model.onnx"));

        assertThat(VolumeLink.target(other)).isEmpty();
    }

    @Test
    void theContentLiesBesideTheLink() throws IOException {
        Files.createDirectories(volume.resolve("plain"));
        Files.createSymbolicLink(volume.resolve("..linked"), Path.of("..2024"));
        for (Path outside : new Path[] {
            Path.of(".."),
            Path.of("plain"),
            Path.of("../" + volume.getFileName() + "/..2024"),
            volume.resolve("..2024"),
            Path.of("..missing"),
            Path.of("..linked")
        }) {
            data(outside);
            assertThat(VolumeLink.target(link)).as("%s", outside).isEmpty();
        }
    }

    @Test
    void withoutDataOrWithALinkInItItLeadsNowhere() throws IOException {
        assertThat(VolumeLink.target(link)).isEmpty();
        Files.createDirectories(volume.resolve("..data"));
        assertThat(VolumeLink.target(link)).isEmpty();
        Files.delete(volume.resolve("..data"));

        data(Path.of("..2024"));
        Files.delete(volume.resolve("..2024/model.onnx"));
        Files.createSymbolicLink(volume.resolve("..2024/model.onnx"), Path.of("/etc/passwd"));
        assertThat(VolumeLink.target(link)).isEmpty();
    }
}
