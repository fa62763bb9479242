package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.Images;
import dev.kitchen.codec.TopLabels;
import dev.kitchen.codec.TopLabels.Scored;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that take pictures, whatever the model's format. */
class TypedPicturesTest {

    private static final TopLabels COLOR = TopLabels.of(1, List.of("red", "green", "blue"));
    private static final Images ONE_PIXEL = Images.ofSize(1, 1);
    private static final BufferedImage GREEN = image(0x00ff00);

    @TempDir
    Path directory;

    private ScriptedModel model;
    private Kitchen kitchen;

    /** A model that gives back the one pixel of each picture as its scores. */
    private Endpoint model(TensorSpec input, DataType scores, Map<String, String> metadata) throws IOException {
        close();
        model = new ScriptedModel(List.of(input), List.of(tensor("scores", scores, -1, 3)), TypedPicturesTest::pixels)
                .withMetadata(metadata);
        kitchen = model.open(directory);
        return kitchen.endpoint("m");
    }

    private static Map<String, Value> pixels(NamedValues inputs) {
        Tensor pictures = inputs.tensor("x");
        return Map.of("scores", pictures.reshape(pictures.shape().dimension(0), 3));
    }

    @AfterEach
    void close() {
        if (kitchen != null) {
            kitchen.close();
        }
    }

    private static BufferedImage image(int color) {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 4; i++) {
            image.setRGB(i % 2, i / 2, color);
        }
        return image;
    }

    private static byte[] png(int color) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image(color), "png", out);
        return out.toByteArray();
    }

    @Test
    void answersPicturesFilesBase64AndImagesAlike() throws IOException {
        Endpoint endpoint = model(tensor("x", DataType.FLOAT, 1, 1, 1, 3), DataType.FLOAT, Map.of());
        byte[] png = png(0x00ff00);
        Path file = Files.write(directory.resolve("green.png"), png);
        List<Scored> green = List.of(new Scored("green", 255));

        assertThat(endpoint.typed(ONE_PIXEL, COLOR).predict(png)).isEqualTo(green);
        assertThat(endpoint.typed(Features.ofPictureFile(ONE_PIXEL), COLOR).predict(file))
                .isEqualTo(green);
        assertThat(endpoint.typed(Features.ofBase64Picture(ONE_PIXEL), COLOR)
                        .predict(Base64.getEncoder().encodeToString(png)))
                .isEqualTo(green);
        assertThat(endpoint.typed(Features.ofImage(ONE_PIXEL), COLOR).predict(GREEN))
                .isEqualTo(green);
    }

    @Test
    void asksARowForEachOfSeveralPictures() throws IOException {
        Endpoint endpoint = model(tensor("x", DataType.FLOAT, -1, 3, 1, 1), DataType.FLOAT, Map.of());

        List<List<Scored>> answers = endpoint.typed(ONE_PIXEL.channelsFirst(), COLOR)
                .predictAll(List.of(png(0xff0000), png(0x0000ff), png(0x00ff00)));

        assertThat(answers.stream().map(it -> it.get(0).label())).containsExactly("red", "blue", "green");
        assertThat(model.asked().get(0).tensor("x").shape()).isEqualTo(Shape.of(3, 3, 1, 1));
    }

    @Test
    void quantisesPicturesAndReadsScoresAsTheModelsFileSays() throws IOException {
        Endpoint endpoint = model(
                tensor("x", DataType.INT8, 1, 1, 1, 3),
                DataType.INT8,
                Map.of("kitchen.quantization.x", "0.00392157 -128", "kitchen.quantization.scores", "0.5 -128"));

        List<Scored> best = endpoint.typed(ONE_PIXEL.normalizedToOne(), COLOR).predict(png(0x00ff00));

        assertThat(model.asked().get(0).tensor("x").toByteArray())
                .containsExactly((byte) -128, (byte) 127, (byte) -128);
        assertThat(best).containsExactly(new Scored("green", 127.5));
    }

    @Test
    void picturesThatDoNotFitTheModelAreRefusedAtOnce() throws IOException {
        Endpoint rows = model(tensor("x", DataType.FLOAT, -1, 4), DataType.FLOAT, Map.of());
        assertThatThrownBy(() -> rows.typed(ONE_PIXEL, COLOR))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("endpoint 'm'")
                .hasMessageContaining("pictures of shape [1, 1, 1, 3]")
                .hasMessageContaining("x: FLOAT [-1, 4]");

        Endpoint unexplained = model(tensor("x", DataType.UINT8, 1, 1, 1, 3), DataType.UINT8, Map.of());
        assertThatThrownBy(() -> unexplained.typed(ONE_PIXEL, COLOR))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not say what its integers stand for; use Images.bytes()");
        assertThat(unexplained.typed(ONE_PIXEL.bytes(), COLOR).predict(png(0xff0000)))
                .containsExactly(new Scored("red", 255));

        Endpoint narrow = model(
                tensor("x", DataType.UINT8, 1, 1, 1, 3),
                DataType.UINT8,
                Map.of("kitchen.quantization.x", "0.0078125 128"));
        assertThatThrownBy(() -> narrow.typed(ONE_PIXEL, COLOR))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stands for -1.0 to 0.9921875, the pictures go from 0.0 to 255.0");
    }

    @Test
    void badPicturesAreTheCallersError() throws IOException {
        Endpoint endpoint = model(tensor("x", DataType.FLOAT, 1, 1, 1, 3), DataType.FLOAT, Map.of());

        assertThatThrownBy(() -> endpoint.typed(ONE_PIXEL, COLOR).predict(new byte[] {1, 2, 3}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("endpoint 'm', version '1': picture of 3 bytes is neither PNG nor JPEG");
        assertThatThrownBy(() -> endpoint.typed(Features.ofBase64Picture(ONE_PIXEL), COLOR)
                        .predict("data:image/png;base64,A"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("picture");
        assertThatThrownBy(() ->
                        endpoint.typed(Features.ofPictureFile(ONE_PIXEL), COLOR).predict(directory.resolve("none.png")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("none.png' cannot be read");
        assertThatThrownBy(() -> endpoint.typed(Features.ofImage(ONE_PIXEL.withMaxPixels(3)), COLOR)
                        .predict(GREEN))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("2 x 2 pixels, expected at most 3");
        assertThatThrownBy(() -> endpoint.typed(ONE_PIXEL, COLOR).predictAll(List.of(png(0xff), new byte[0])))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("picture of 0 bytes");
    }
}
