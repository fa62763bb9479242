package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Images;
import dev.kitchen.codec.TopLabels;
import dev.kitchen.codec.TopLabels.Scored;
import dev.kitchen.error.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels and other files that travel at a model's end. */
class AssociatedFilesTest {

    private static final float[] HALF = {127.5f, 127.5f, 127.5f};

    @TempDir
    Path directory;

    private Path model(byte[] appended) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(TestModels.classifier(1).bytes());
        out.write(appended);
        return Files.write(directory.resolve("classifier.tflite"), out.toByteArray());
    }

    private static byte[] zip(int files, String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < files; i++) {
                zip.putNextEntry(new ZipEntry(i == 0 ? name : i + name));
                zip.write(content);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    @Test
    void labelsAreInTheMetadata() throws IOException {
        byte[] zip = zip(1, "labels.txt", "cat\ndog\nhörse\n".getBytes(StandardCharsets.UTF_8));
        try (Kitchen kitchen = Kitchen.open(model(zip))) {
            assertThat(kitchen.endpoint("classifier").metadata().custom())
                    .containsEntry("tflite.file.labels.txt", "cat\ndog\nhörse\n");
        }
    }

    @Test
    void aModelWithoutFilesHasNone() throws IOException {
        TfliteFile file = TfliteFile.scan(model(new byte[0]), 1 << 20, true);

        assertThat(AssociatedFiles.read(file)).isEqualTo(Map.of());
    }

    @Test
    void whatUnpacksToTooMuchIsRefused() throws IOException {
        Path bomb = model(zip(1, "labels.txt", new byte[5 << 20]));
        assertThatThrownBy(() -> new TfliteBackend().load(bomb).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("more than 4194304 bytes are appended to it");

        Path many = model(zip(65, "labels.txt", new byte[1]));
        assertThatThrownBy(() -> new TfliteBackend().load(many).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("more than 64 files");
    }

    @Test
    void damagedFilesAreATypedErrorOrNone() throws IOException {
        byte[] good = zip(2, "labels.txt", "cat\ndog\n".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < good.length; i++) {
            byte[] damaged = good.clone();
            damaged[i] ^= 0x55;
            TfliteFile file = TfliteFile.scan(model(damaged), 1 << 20, true);
            try {
                assertThat(AssociatedFiles.read(file)).hasSizeLessThan(3);
            } catch (ModelLoadException e) {
                assertThat(e).hasMessageContaining("classifier.tflite");
            }
        }
    }

    @Test
    void aRealModelNamesWhatIsInAPicture() throws IOException {
        Path model = SharedCases.model("food-mobilenet-v1-025-quant");
        try (Kitchen kitchen = Kitchen.open(model)) {
            Endpoint endpoint =
                    kitchen.endpoint(kitchen.endpointNames().iterator().next());
            Map<String, String> metadata = endpoint.metadata().custom();
            List<String> labels = metadata.entrySet().stream()
                    .filter(it -> it.getKey().startsWith("tflite.file."))
                    .map(it -> it.getValue().lines().toList())
                    .findFirst()
                    .orElseThrow();
            Images images = Images.ofSize(224, 224).normalized(HALF, HALF);

            List<Scored> best = endpoint.typed(Features.ofPictureFile(images), TopLabels.of(3, labels))
                    .predict(model.resolveSibling("burger-224.png"));

            assertThat(best.get(0).label()).isEqualTo("cheeseburger");
            assertThat(best.get(0).score()).isGreaterThan(0.9);
        }
    }
}
