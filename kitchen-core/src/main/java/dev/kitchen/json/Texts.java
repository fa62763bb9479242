package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;

/** Texts from outside: fit for a message, or refused. */
final class Texts {

    private static final int SHOWN = 80;

    private Texts() {}

    /** In one line, not too long. */
    static String shown(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\x{2028}\\x{2029}]", "?");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
    }

    /** The text, if every surrogate in it has its other half. */
    static String requireUnicode(String place, String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (Character.isHighSurrogate(character)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(character)) {
                throw new InvalidRequestException(String.format(
                        "%s: has half of a surrogate pair, \\u%04x, expected Unicode text", place, (int) character));
            }
        }
        return text;
    }
}
