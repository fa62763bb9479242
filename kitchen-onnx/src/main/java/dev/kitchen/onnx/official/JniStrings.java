package dev.kitchen.onnx.official;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.Tensor;

/**
 * Strings on their way through the official API, which hands them over in the JVM's modified UTF-8. That is UTF-8 for
 * all characters but U+0000 and those above U+FFFF. On the way in these would arrive as something else. On the way out
 * the JVM takes each byte of such a character for one of its own and cuts the string off where that makes it too long.
 * Both are refused: an answer to another text is worse than none.
 */
final class JniStrings {

    /** What to do about something that the Java API does not take. */
    static final String OTHER_ROAD = "ONNX Runtime's C API does; it needs JDK 22 or newer (this is "
            + Runtime.version().feature() + "), Linux, the api auto or c, and no execution providers";

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
                        + " hand over unchanged; %s",
                name, index, codePoint, OTHER_ROAD));
    }

    /**
     * A string of an output of a model whose own texts have characters above U+FFFF: no others can come out of it.
     *
     * @throws IllegalArgumentException if it looks as one does that had such a character
     */
    static String requireWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            boolean begins = text.charAt(i) >= 0xf0 && text.charAt(i) <= 0xf4;
            if (begins && (i == text.length() - 1 || isContinuation(text.charAt(i + 1)))) {
                throw new IllegalArgumentException(
                        "it has a character above U+FFFF, which the official Java API of ONNX"
                                + " Runtime does not hand over; " + OTHER_ROAD);
            }
        }
        return text;
    }

    private static boolean isContinuation(char character) {
        return character >= 0x80 && character <= 0xbf;
    }
}
