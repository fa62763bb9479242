package dev.kitchen.onnx.scan;

/** Text from elsewhere made fit for one line of a message. */
public final class OneLine {

    private OneLine() {}

    /** Returns the text without control characters, cut to a length. */
    public static String of(String text, int maxLength) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= maxLength ? line : line.substring(0, maxLength) + "…";
    }
}
