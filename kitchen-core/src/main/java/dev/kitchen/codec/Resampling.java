package dev.kitchen.codec;

/**
 * Brings a picture to another size: each pixel is the mean of the area it covers where the picture shrinks, and
 * interpolated between its neighbours where it grows.
 */
final class Resampling {

    private Resampling() {}

    /** Red, green and blue, row by row. */
    static float[] to(int width, int height, boolean cropped, Pictures.Decoded picture) {
        double partWidth = picture.width;
        double partHeight = picture.height;
        if (cropped) {
            double factor = Math.min(partWidth / width, partHeight / height);
            partWidth = factor * width;
            partHeight = factor * height;
        }
        Axis columns = new Axis((picture.width - partWidth) / 2, partWidth / width, width, picture.width);
        Axis rows = new Axis((picture.height - partHeight) / 2, partHeight / height, height, picture.height);
        float[] result = new float[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    result[(y * width + x) * 3 + channel] = mean(picture, columns, x, rows, y, channel);
                }
            }
        }
        return result;
    }

    private static float mean(Pictures.Decoded picture, Axis columns, int x, Axis rows, int y, int channel) {
        float sum = 0;
        for (int j = 0; j < rows.weights[y].length; j++) {
            float line = 0;
            for (int i = 0; i < columns.weights[x].length; i++) {
                line += columns.weights[x][i] * picture.at(columns.first[x] + i, rows.first[y] + j, channel);
            }
            sum += rows.weights[y][j] * line;
        }
        return sum;
    }

    /** Which pixels of one direction make up each new one, and with what weights: a triangle as wide as two of them. */
    private static final class Axis {

        final int[] first;
        final float[][] weights;

        Axis(double start, double step, int count, int size) {
            this.first = new int[count];
            this.weights = new float[count][];
            double reach = Math.max(1, step);
            for (int i = 0; i < count; i++) {
                double center = start + (i + 0.5) * step - 0.5;
                int from = (int) Math.max(0, Math.ceil(center - reach));
                int to = (int) Math.min(size - 1, Math.floor(center + reach));
                from = Math.min(from, to);
                first[i] = from;
                weights[i] = triangle(center, reach, from, to);
            }
        }

        private static float[] triangle(double center, double reach, int from, int to) {
            float[] triangle = new float[to - from + 1];
            float sum = 0;
            for (int i = 0; i < triangle.length; i++) {
                triangle[i] = (float) Math.max(0, 1 - Math.abs(from + i - center) / reach);
                sum += triangle[i];
            }
            for (int i = 0; i < triangle.length; i++) {
                triangle[i] = sum > 0 ? triangle[i] / sum : 1f / triangle.length;
            }
            return triangle;
        }
    }
}
