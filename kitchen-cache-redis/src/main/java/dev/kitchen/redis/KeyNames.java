package dev.kitchen.redis;

import dev.kitchen.spi.CacheKey;
import java.nio.charset.StandardCharsets;

/**
 * How keys are called in Redis: {@code <prefix><endpoint>:<version>:<SHA-256>}. Of the names only letters, digits and
 * {@code _.-} stand for themselves, so that no name has a colon or a wildcard.
 */
final class KeyNames {

    private final String prefix;

    KeyNames(String prefix) {
        this.prefix = prefix;
    }

    /** What changes whenever somebody forgets answers. */
    String epoch() {
        return prefix + "%epoch";
    }

    String of(CacheKey key) {
        return prefix + encoded(key.version().model()) + ":"
                + encoded(key.version().version()) + ":" + key.sha256();
    }

    /** Redis's pattern for all answers of the endpoints and versions that match. */
    String matching(String endpointPattern, String versionPattern) {
        return literally(prefix) + pattern(endpointPattern) + ":" + pattern(versionPattern) + ":*";
    }

    private static String literally(String text) {
        return text.replaceAll("[*?\\[\\]\\\\]", "\\\\$0");
    }

    private static String pattern(String names) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < names.length(); i++) {
            char next = names.charAt(i);
            if (next == '*' || next == '?') {
                // One character may be several bytes in Redis: more than is meant is found, and looked at.
                pattern.append('*');
            } else {
                int end = next == '\\' && i + 1 < names.length() ? ++i : i;
                int last = Character.isHighSurrogate(names.charAt(end)) && end + 1 < names.length() ? ++i : end;
                pattern.append(encoded(names.substring(end, last + 1)));
            }
        }
        return pattern.toString();
    }

    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte next : name.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (next & 0xff);
            boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || "_.-".indexOf(letter) >= 0);
            encoded.append(plain ? String.valueOf(letter) : String.format("%%%02x", next & 0xff));
        }
        return encoded.toString();
    }
}
