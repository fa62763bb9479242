package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Images;
import dev.kitchen.codec.TopLabels;
import dev.kitchen.codec.TopLabels.Scored;
import dev.kitchen.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of docs/guide/images.md. */
class ImagesTest {

    /** Takes pictures of 6 x 6 grey pixels. */
    private static final Path MODEL = Path.of("../../kitchen-onnx/src/test/models/small-convolution/model.onnx");

    @TempDir
    Path directory;

    @Test
    void answersPicturesWithLabels() throws IOException {
        byte[] jpegOrPng = picture();
        Path file = Files.write(directory.resolve("picture.png"), jpegOrPng);
        try (Kitchen kitchen = Kitchen.open(MODEL)) {
            Endpoint endpoint = kitchen.endpoint("model");
            // snippet: images-grey
            Images images = Images.ofSize(6, 6).grey().channelsFirst().normalizedToOne();
            TypedEndpoint<byte[], List<Scored>> pictures =
                    endpoint.typed(images, TopLabels.of(1, List.of("circle", "square")));

            Scored best = pictures.predict(jpegOrPng).get(0);
            System.out.println(best.label() + " with score " + best.score());
            // end
            assertThat(best.label()).isIn("circle", "square");

            // snippet: images-files
            TypedEndpoint<Path, List<Scored>> files =
                    endpoint.typed(Features.ofPictureFile(images), TopLabels.of(1, List.of("circle", "square")));
            Tensor tensor = images.encode(file); // only the tensor, without a model
            // end
            assertThat(files.predict(file)).containsExactly(best);
            assertThat(tensor.shape().toArray()).containsExactly(1, 1, 6, 6);
        }
    }

    private static byte[] picture() throws IOException {
        BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(5, 5, 0, 200);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    /** Only compiled: the project has no MobileNet. */
    static String labelOf(Kitchen kitchen, byte[] jpegOrPng) {
        // snippet: images-mobilenet
        Endpoint endpoint = kitchen.endpoint("mobilenet");
        List<String> labels = endpoint.metadata()
                .custom()
                .get("tflite.file.labels.txt")
                .lines()
                .toList();
        float[] half = {127.5f, 127.5f, 127.5f}; // the model was trained on numbers from -1 to 1
        TypedEndpoint<byte[], List<Scored>> photos =
                endpoint.typed(Images.ofSize(224, 224).normalized(half, half), TopLabels.of(3, labels));

        String label = photos.predict(jpegOrPng).get(0).label();
        // end
        return label;
    }
}
