package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;

/** Refuses texts from outside that are not Unicode. */
final class Texts {

    private Texts() {}

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
