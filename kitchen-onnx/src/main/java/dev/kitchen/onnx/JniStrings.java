package dev.kitchen.onnx;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.Tensor;

/**
 * Strings on their way through the official API, which hands them over in the JVM's modified UTF-8. That is UTF-8 for
 * all characters but U+0000 and those above U+FFFF: on the way in these would arrive as something else, so they are
 * refused; on the way out they arrive byte by byte, and are put together again.
 */
final class JniStrings {

    private JniStrings() {}

    /**
     * The strings of an input.
     *
     * @throws InvalidRequestException if one of them would change on its way
     */
    static String[] requirePlain(String name, Tensor tensor) {
        String[] strings = tensor.toStringArray();
        for (int i = 0; i < strings.length; i++) {
            for (int at = 0; at < strings[i].length(); at++) {
                char character = strings[i].charAt(at);
                if (character == 0 || Character.isSurrogate(character)) {
                    throw refused(name, i, strings[i].codePointAt(at));
                }
            }
        }
        return strings;
    }

    private static InvalidRequestException refused(String name, int index, int codePoint) {
        return new InvalidRequestException(String.format(
                "input '%s': string %d has the character U+%04X, which the official Java API of ONNX Runtime does not"
                        + " hand over unchanged; it needs JDK 22 or newer, this is %d",
                name, index, codePoint, Runtime.version().feature()));
    }

    /** A string of an output: four characters that are the bytes of one above U+FFFF become that character. */
    static String repair(String text) {
        int at = indexOfSplitCharacter(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text.length());
        int copied = 0;
        while (at >= 0) {
            repaired.append(text, copied, at).appendCodePoint(codePoint(text, at));
            copied = at + 4;
            at = indexOfSplitCharacter(text, copied);
        }
        return repaired.append(text, copied, text.length()).toString();
    }

    private static int indexOfSplitCharacter(String text, int from) {
        for (int i = from; i + 3 < text.length(); i++) {
            char first = text.charAt(i);
            if (first >= 0xf0
                    && first <= 0xf4
                    && continues(text, i)
                    && Character.isSupplementaryCodePoint(codePoint(text, i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean continues(String text, int at) {
        return isContinuation(text.charAt(at + 1))
                && isContinuation(text.charAt(at + 2))
                && isContinuation(text.charAt(at + 3));
    }

    private static boolean isContinuation(char character) {
        return character >= 0x80 && character <= 0xbf;
    }

    private static int codePoint(String text, int at) {
        return (text.charAt(at) & 7) << 18
                | (text.charAt(at + 1) & 0x3f) << 12
                | (text.charAt(at + 2) & 0x3f) << 6
                | text.charAt(at + 3) & 0x3f;
    }
}
