package dev.kitchen.onnx;

/** Text from elsewhere made fit for one line of a message. */
final class OneLine {

    private OneLine() {}

    /** Without control characters, cut to a length. */
    static String of(String text, int maxLength) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= maxLength ? line : line.substring(0, maxLength) + "…";
    }
}
