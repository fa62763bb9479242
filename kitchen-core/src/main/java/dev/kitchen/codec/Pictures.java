package dev.kitchen.codec;

import dev.kitchen.error.InvalidRequestException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes PNG and JPEG: its kind by its first bytes, its size before its pixels. */
final class Pictures {

    private Pictures() {}

    /** A decoded picture: red, green and blue from 0 to 255, row by row. */
    static final class Decoded {

        final int width;
        final int height;
        final byte[] pixels;

        Decoded(int width, int height, byte[] pixels) {
            this.width = width;
            this.height = height;
            this.pixels = pixels;
        }

        float at(int x, int y, int channel) {
            return pixels[(y * width + x) * 3 + channel] & 0xff;
        }
    }

    static Decoded decode(byte[] picture, long maxPixels) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(kind(picture)).next();
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(picture))) {
            reader.setInput(stream, true, true);
            requireSize(reader.getWidth(0), reader.getHeight(0), maxPixels);
            return decoded(reader.read(0));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new InvalidRequestException("picture cannot be decoded: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** A picture somebody else decoded. */
    static Decoded decoded(BufferedImage image, long maxPixels) {
        requireSize(image.getWidth(), image.getHeight(), maxPixels);
        return decoded(image);
    }

    private static void requireSize(int width, int height, long maxPixels) {
        if ((long) width * height > maxPixels || 3L * width * height > Integer.MAX_VALUE - 8) {
            throw new InvalidRequestException(
                    "picture has " + width + " x " + height + " pixels, expected at most " + maxPixels + " in all");
        }
    }

    private static String kind(byte[] picture) {
        if (picture.length > 8 && (picture[0] & 0xff) == 0x89 && picture[1] == 'P' && picture[2] == 'N') {
            return "png";
        }
        if (picture.length > 3 && (picture[0] & 0xff) == 0xff && (picture[1] & 0xff) == 0xd8) {
            return "jpeg";
        }
        throw new InvalidRequestException("picture of " + picture.length + " bytes is neither PNG nor JPEG");
    }

    private static Decoded decoded(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] pixels = new byte[3 * width * height];
        boolean grey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && image.getRaster().getSampleModel().getSampleSize(0) == 8;
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            if (grey) {
                // What AWT makes of grey pixels is another brightness: it takes them for linear ones.
                readGrey(image.getRaster(), y, row);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
            }
            for (int x = 0; x < width; x++) {
                int place = (y * width + x) * 3;
                pixels[place] = (byte) (row[x] >> 16);
                pixels[place + 1] = (byte) (row[x] >> 8);
                pixels[place + 2] = (byte) row[x];
            }
        }
        return new Decoded(width, height, pixels);
    }

    private static void readGrey(Raster raster, int y, int[] row) {
        raster.getSamples(0, y, row.length, 1, 0, row);
        for (int x = 0; x < row.length; x++) {
            row[x] *= 0x010101;
        }
    }
}
