package dev.kitchen.spi;

/** Names with wildcards: {@code *}, {@code ?}, and a backslash before what stands for itself. */
final class NamePattern {

    private NamePattern() {}

    static String quote(String name) {
        StringBuilder quoted = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char next = name.charAt(i);
            if (next == '*' || next == '?' || next == '\\') {
                quoted.append('\\');
            }
            quoted.append(next);
        }
        return quoted.toString();
    }

    /** One walk: where nothing fits any more, the last star takes one character more. */
    static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int takenByStar = 0;
        int i = 0;
        while (i < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                takenByStar = i;
            } else if (fits(pattern, at, name.charAt(i))) {
                at += width(pattern, at);
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++takenByStar;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }

    private static boolean fits(String pattern, int at, char actual) {
        if (at >= pattern.length()) {
            return false;
        }
        char expected = pattern.charAt(at + width(pattern, at) - 1);
        return expected == actual || (expected == '?' && width(pattern, at) == 1);
    }

    /** How many characters of the pattern stand for one of the name. */
    private static int width(String pattern, int at) {
        return pattern.charAt(at) == '\\' && at + 1 < pattern.length() ? 2 : 1;
    }
}
