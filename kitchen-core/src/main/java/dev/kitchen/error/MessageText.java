package dev.kitchen.error;

import java.util.Collection;
import java.util.Iterator;

/**
 * Prints text of unknown origin (names, versions, labels, texts of files and callers) for messages and log lines: on
 * one line, with everything escaped that a terminal or a log viewer would obey, and cut to a length. What every
 * {@link KitchenException} says has passed through it.
 */
public final class MessageText {

    private static final int MAX_TEXT = 100;
    private static final int MAX_ELEMENTS = 10;
    private static final int MAX_MESSAGE = 4_000;
    private static final String CUT = "...";

    private MessageText() {}

    /**
     * Returns a text of at most 100 characters and an ellipsis, in which control and format characters, line
     * separators and halves of surrogate pairs are escaped as Java escapes them. Of a collection up to 10 elements are
     * shown, each printed like this, and the number of the others.
     *
     * @param text a text, a collection, or something whose {@link Object#toString} is to be shown
     */
    public static String of(Object text) {
        return text instanceof Collection<?> elements ? list(elements) : of(text.toString(), MAX_TEXT);
    }

    /** As {@link #of(Object)}, with so many characters at most. */
    public static String of(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        for (int i = 0; i < end; i++) {
            char character = text.charAt(i);
            if (character < ' ' || character > '~') {
                return escaped(text, maxLength);
            }
        }
        return end == text.length() ? text : text.substring(0, end) + CUT;
    }

    private static String escaped(String text, int maxLength) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxLength) + 16);
        for (int i = 0; i < text.length(); ) {
            int before = line.length();
            int character = text.codePointAt(i);
            append(character, line);
            if (line.length() > maxLength) {
                line.setLength(before);
                return line.append(CUT).toString();
            }
            i += Character.charCount(character);
        }
        return line.toString();
    }

    private static void append(int character, StringBuilder line) {
        switch (character) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (!isObeyed(character)) {
                    line.appendCodePoint(character);
                } else {
                    for (char unit : Character.toChars(character)) {
                        line.append(String.format("\\u%04x", (int) unit));
                    }
                }
            }
        }
    }

    /** Whether a character is an order to whoever shows it, and not a sign. */
    private static boolean isObeyed(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private static String list(Collection<?> elements) {
        StringBuilder list = new StringBuilder("[");
        Iterator<?> rest = elements.iterator();
        for (int i = 0; i < MAX_ELEMENTS && rest.hasNext(); i++) {
            list.append(i == 0 ? "" : ", ").append(of(rest.next().toString(), MAX_TEXT));
        }
        int others = elements.size() - MAX_ELEMENTS;
        return list.append(others > 0 ? ", and " + others + " more]" : "]").toString();
    }

    /** A whole message, whose parts were made fit already where they could be long. */
    static String message(String message) {
        return of(message, MAX_MESSAGE);
    }
}
