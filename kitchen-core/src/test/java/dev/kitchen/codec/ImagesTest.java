package dev.kitchen.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Pictures as inputs of vision models. */
class ImagesTest {

    /** Red, green / blue, white. */
    private static final int[] FOUR = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff};

    private static byte[] picture(String format, int type, int width, int height, int... colors) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, colors[i % colors.length]);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private static byte[] four() throws IOException {
        return picture("png", BufferedImage.TYPE_INT_RGB, 2, 2, FOUR);
    }

    @Test
    void keepsThePixelsOfAPictureOfTheRightSize() throws IOException {
        Tensor tensor = Images.ofSize(2, 2).encode(four());

        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 2, 2, 3));
        assertThat(tensor.toFloatArray()).containsExactly(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
    }

    @Test
    void putsChannelsFirstForModelsThatWantThem() throws IOException {
        Tensor tensor = Images.ofSize(2, 2).channelsFirst().normalizedToOne().encode(four());

        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 3, 2, 2));
        assertThat(tensor.toFloatArray()).containsExactly(1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1);
    }

    @Test
    void normalizesEachChannelByItsOwnNumbers() throws IOException {
        Tensor tensor = Images.ofSize(2, 2)
                .normalized(new float[] {127.5f, 0, 255}, new float[] {127.5f, 255, 1})
                .encode(four());

        assertThat(tensor.toFloatArray()).containsExactly(1, 0, -255, -1, 1, -255, -1, 0, 0, 1, 1, 0);
    }

    @Test
    void makesIntegersOfQuantisedModels() throws IOException {
        assertThat(Images.ofSize(2, 2).bytes().encode(four()).toIntArray())
                .containsExactly(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
        Tensor int8 = Images.ofSize(2, 2)
                .normalizedToOne()
                .quantized(DataType.INT8, new Quantization(1 / 255f, -128))
                .encode(four());
        assertThat(int8.type()).isEqualTo(DataType.INT8);
        assertThat(int8.toByteArray()).startsWith((byte) 127, (byte) -128, (byte) -128);
    }

    @Test
    void makesGreyOfColorsAndKeepsGrey() throws IOException {
        assertThat(Images.ofSize(2, 2).grey().encode(four()).toFloatArray())
                .satisfies(it -> assertThat(it[0]).isCloseTo(76.2f, within(0.1f)))
                .satisfies(it -> assertThat(it[3]).isCloseTo(255, within(0.1f)));
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 100);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(grey, "png", out);
        assertThat(Images.ofSize(1, 1).encode(out.toByteArray()).toFloatArray()).containsExactly(100, 100, 100);
    }

    @Test
    void shrinksToMeansAndStretchesBetweenNeighbours() throws IOException {
        byte[] halves = picture("png", BufferedImage.TYPE_INT_RGB, 64, 64, 0x000000, 0x808080);

        for (float pixel : Images.ofSize(4, 4).encode(halves).toFloatArray()) {
            assertThat(pixel).isBetween(60f, 68f);
        }
        float[] larger = Images.ofSize(8, 8).encode(four()).toFloatArray();
        assertThat(larger).startsWith(255, 0, 0);
        for (float pixel : larger) {
            assertThat(pixel).isBetween(0f, 255f);
        }
    }

    @Test
    void cropsTheMiddleRatherThanStretch() throws IOException {
        byte[] wide = picture("png", BufferedImage.TYPE_INT_RGB, 4, 2, 0xff0000, 0x0000ff, 0x0000ff, 0xff0000);

        assertThat(Images.ofSize(2, 2).croppedToCenter().encode(wide).toFloatArray())
                .containsExactly(0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255);
    }

    @Test
    void readsJpegAndTransparentPng() throws IOException {
        byte[] jpeg = picture("jpg", BufferedImage.TYPE_INT_RGB, 16, 16, 0x406080);
        float[] pixels = Images.ofSize(1, 1).encode(jpeg).toFloatArray();
        assertThat(pixels[0]).isCloseTo(0x40, within(3f));
        assertThat(pixels[2]).isCloseTo(0x80, within(3f));

        byte[] transparent = picture("png", BufferedImage.TYPE_INT_ARGB, 1, 1, 0x80ff0000);
        assertThat(Images.ofSize(1, 1).encode(transparent).toFloatArray()).containsExactly(255, 0, 0);
    }

    @Test
    void takesBase64WithAndWithoutItsPrefix() throws IOException {
        Images images = Images.ofSize(2, 2);
        String text = Base64.getEncoder().encodeToString(four());

        assertThat(images.encodeBase64(text)).isEqualTo(images.encode(four()));
        assertThat(images.encodeBase64("data:image/png;base64," + text)).isEqualTo(images.encode(four()));
    }

    @Test
    void refusesLargePicturesBeforeTheyAreDecoded() throws IOException {
        byte[] large = picture("png", BufferedImage.TYPE_BYTE_BINARY, 4_000, 4_000, 0);

        assertThatThrownBy(() -> Images.ofSize(2, 2).withMaxPixels(1_000_000).encode(large))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("4000 x 4000 pixels, expected at most 1000000");
    }

    @Test
    void refusesWhatIsNoPicture() {
        Images images = Images.ofSize(2, 2);

        assertThatThrownBy(() -> images.encode("GIF89a".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("neither PNG nor JPEG");
        assertThatThrownBy(() -> images.encode(new byte[0])).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Images.ofSize(0, 2)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> images.normalized(new float[3], new float[3]))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void whatIsNoBase64IsTheCallersError() throws IOException {
        Images images = Images.ofSize(2, 2);
        String good = Base64.getMimeEncoder().encodeToString(four());

        assertThat(images.encodeBase64("data:image/png;base64," + good)).isEqualTo(images.encode(four()));
        for (String wrong : List.of("!" + good, good.replace('A', '?'), "data:image/png")) {
            assertThatThrownBy(() -> images.encodeBase64(wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("picture is no Base64");
        }
    }

    @Test
    void damagedPicturesAreTheCallersError() throws IOException {
        Random random = new Random(3);
        for (byte[] good : new byte[][] {
            picture("png", BufferedImage.TYPE_INT_RGB, 20, 20, FOUR),
            picture("jpg", BufferedImage.TYPE_INT_RGB, 20, 20, FOUR)
        }) {
            for (int i = 0; i < 500; i++) {
                byte[] damaged = i % 4 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
                for (int flips = 0; flips < 3 && damaged.length > 0; flips++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
                }
                encodeOrRefuse(damaged);
            }
        }
    }

    private static void encodeOrRefuse(byte[] picture) {
        try {
            assertThat(Images.ofSize(2, 2)
                            .withMaxPixels(100_000)
                            .encode(picture)
                            .elementCount())
                    .isEqualTo(12);
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageContaining("picture");
        }
    }
}
