package dev.kitchen.tflite;

/** Text of unknown origin, fit for a message. */
final class OneLine {

    private OneLine() {}

    static String of(String text, int maxLength) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > maxLength ? line.substring(0, maxLength) + "..." : line;
    }
}
