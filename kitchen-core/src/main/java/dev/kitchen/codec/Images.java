package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Makes the input of a vision model of a PNG or JPEG picture: decoded, brought to the model's size, one row of a batch:
 * {@code [1, height, width, channels]}. Immutable.
 *
 * <pre>{@code
 * Images images = Images.ofSize(224, 224).normalized(new float[] {127.5f, 127.5f, 127.5f}, new float[] {127.5f, 127.5f, 127.5f});
 * List<Scored> best = endpoint.typed(images, TopLabels.of(3, labels)).predict(jpegOrPng);
 * }</pre>
 *
 * A channel's value is {@code (pixel - mean) / deviation}, of pixels from 0 to 255: by default the pixel itself. Transparency
 * and a camera's orientation are left out of account. Needs the JDK's module java.desktop.
 */
public final class Images {

    /** Pictures with more pixels are refused before they are decoded, unless said otherwise: 25 million. */
    public static final long DEFAULT_MAX_PIXELS = 25_000_000;

    private static final int MAX_SIDE = 1 << 14;
    private static final float[] NO_MEAN = {0, 0, 0};
    private static final float[] NO_DEVIATION = {1, 1, 1};

    private final int width;
    private final int height;
    private final Layout layout;
    private final boolean cropped;
    private final int channels;
    private final float[] mean;
    private final float[] deviation;
    private final DataType type;
    private final @Nullable Quantization quantization;
    private final long maxPixels;

    private enum Layout {
        CHANNELS_LAST,
        CHANNELS_FIRST
    }

    private Images(
            int width,
            int height,
            Layout layout,
            boolean cropped,
            int channels,
            float[] mean,
            float[] deviation,
            DataType type,
            @Nullable Quantization quantization,
            long maxPixels) {
        this.width = width;
        this.height = height;
        this.layout = layout;
        this.cropped = cropped;
        this.channels = channels;
        this.mean = mean;
        this.deviation = deviation;
        this.type = type;
        this.quantization = quantization;
        this.maxPixels = maxPixels;
    }

    /** Pictures of that many pixels, in red, green and blue, as FLOAT from 0 to 255. */
    public static Images ofSize(int width, int height) {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new ConfigurationException(
                    "images are to be " + width + " x " + height + " pixels, expected 1 to " + MAX_SIDE + " each way");
        }
        return new Images(
                width,
                height,
                Layout.CHANNELS_LAST,
                false,
                3,
                NO_MEAN,
                NO_DEVIATION,
                DataType.FLOAT,
                null,
                DEFAULT_MAX_PIXELS);
    }

    /** In the order {@code [1, channels, height, width]}, as most ONNX models have it. */
    public Images channelsFirst() {
        return new Images(
                width,
                height,
                Layout.CHANNELS_FIRST,
                cropped,
                channels,
                mean,
                deviation,
                type,
                quantization,
                maxPixels);
    }

    /** The largest part in the middle that has the right proportions, rather than the whole picture stretched. */
    public Images croppedToCenter() {
        return new Images(width, height, layout, true, channels, mean, deviation, type, quantization, maxPixels);
    }

    /** One channel of brightness (ITU-R BT.601) in place of red, green and blue. */
    public Images grey() {
        return new Images(width, height, layout, cropped, 1, mean, deviation, type, quantization, maxPixels);
    }

    /** One mean and one standard deviation for each of red, green and blue; grey takes the first. */
    public Images normalized(float[] means, float[] deviations) {
        if (means.length != 3 || deviations.length != 3) {
            throw new ConfigurationException("images have " + means.length + " means and " + deviations.length
                    + " deviations, expected 3 of each");
        }
        for (float one : deviations) {
            if (!(one > 0)) {
                throw new ConfigurationException("images have the deviation " + one + ", expected more than 0");
            }
        }
        return new Images(
                width,
                height,
                layout,
                cropped,
                channels,
                means.clone(),
                deviations.clone(),
                type,
                quantization,
                maxPixels);
    }

    /** From 0 to 1. */
    public Images normalizedToOne() {
        return normalized(NO_MEAN, new float[] {255, 255, 255});
    }

    /** The pixels themselves, as UINT8. */
    public Images bytes() {
        return new Images(
                width,
                height,
                layout,
                cropped,
                channels,
                NO_MEAN,
                NO_DEVIATION,
                DataType.UINT8,
                new Quantization(1, 0),
                maxPixels);
    }

    /**
     * As integers of a quantised model, after {@link #normalized normalizing}.
     *
     * @param integers INT8, UINT8 or INT16
     */
    public Images quantized(DataType integers, Quantization how) {
        Quantization.requireQuantized(integers);
        return new Images(width, height, layout, cropped, channels, mean, deviation, integers, how, maxPixels);
    }

    /** Refuses larger pictures before they are decoded. */
    public Images withMaxPixels(long pixels) {
        return new Images(width, height, layout, cropped, channels, mean, deviation, type, quantization, pixels);
    }

    /**
     * The input for a picture.
     *
     * @throws InvalidRequestException if it is no PNG or JPEG, damaged, or too large
     */
    public Tensor encode(byte[] picture) {
        return encode(Pictures.decode(picture, maxPixels));
    }

    /** The input for a picture in memory, which must not have too many pixels either. */
    public Tensor encode(BufferedImage picture) {
        return encode(Pictures.decoded(picture, maxPixels));
    }

    /** The input for a picture in a file. A file that cannot be read is the caller's error as well. */
    public Tensor encode(Path file) {
        byte[] picture;
        try {
            picture = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidRequestException("picture '" + file + "' cannot be read: " + e.getMessage(), e);
        }
        return encode(picture);
    }

    private Tensor encode(Pictures.Decoded picture) {
        float[] pixels = Resampling.to(width, height, cropped, picture);
        ByteBuffer data = ByteBuffer.allocate(width * height * channels * type.sizeBytes())
                .order(ByteOrder.nativeOrder());
        if (layout == Layout.CHANNELS_LAST) {
            for (int place = 0; place < width * height; place++) {
                for (int channel = 0; channel < channels; channel++) {
                    put(data, pixels, place, channel);
                }
            }
            return Tensor.copyOf(type, data.flip(), 1, height, width, channels);
        }
        for (int channel = 0; channel < channels; channel++) {
            for (int place = 0; place < width * height; place++) {
                put(data, pixels, place, channel);
            }
        }
        return Tensor.copyOf(type, data.flip(), 1, channels, height, width);
    }

    /** The input for a picture in Base64, with or without {@code data:image/png;base64,} in front. */
    public Tensor encodeBase64(String text) {
        String data = text.startsWith("data:") ? text.substring(text.indexOf(',') + 1) : text;
        try {
            // The decoder for mail takes line ends too, but anything else that is no Base64 as well.
            return encode(Base64.getDecoder().decode(data.replaceAll("\\s+", "")));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("picture is no Base64: " + e.getMessage(), e);
        }
    }

    /** Of what {@link #encode} makes. */
    Shape shape() {
        return layout == Layout.CHANNELS_LAST
                ? Shape.of(1, height, width, channels)
                : Shape.of(1, channels, height, width);
    }

    DataType type() {
        return type;
    }

    /** What becomes of a pixel of 0, before it is quantised: of all channels the least. */
    float smallest() {
        float smallest = Float.POSITIVE_INFINITY;
        for (int channel = 0; channel < channels; channel++) {
            smallest = Math.min(smallest, (0 - mean[channel]) / deviation[channel]);
        }
        return smallest;
    }

    /** What becomes of a pixel of 255, before it is quantised: of all channels the greatest. */
    float greatest() {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int channel = 0; channel < channels; channel++) {
            greatest = Math.max(greatest, (255 - mean[channel]) / deviation[channel]);
        }
        return greatest;
    }

    /** Size, range and type in a few words. */
    @Override
    public String toString() {
        String integers = quantization == null
                ? ""
                : " of scale " + quantization.scale() + " and zero point " + quantization.zeroPoint();
        return width + " x " + height + (cropped ? " cropped" : "") + ", " + smallest() + " to " + greatest() + " as "
                + type + integers;
    }

    private void put(ByteBuffer data, float[] pixels, int place, int channel) {
        int start = place * 3;
        float pixel = channels == 1
                ? 0.299f * pixels[start] + 0.587f * pixels[start + 1] + 0.114f * pixels[start + 2]
                : pixels[start + channel];
        float value = (pixel - mean[channel]) / deviation[channel];
        if (quantization == null) {
            data.putFloat(value);
        } else {
            quantization.put(data, type, value, place);
        }
    }
}
