package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** What keeps Java types and a model from fitting, collected so that all of it comes in one message. */
final class Problems {

    private static final int SHOWN = 20;
    private static final int LENGTH = 100;

    private final List<String> found = new ArrayList<>();

    void add(String problem) {
        found.add(problem);
    }

    void addAll(Problems others) {
        found.addAll(others.found);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        String text = String.join("; ", found.subList(0, Math.min(SHOWN, found.size())));
        throw new ConfigurationException(
                found.size() > SHOWN ? text + "; and " + (found.size() - SHOWN) + " more" : text);
    }

    /** A name from a model's file for a message: short, on one line. */
    static String shown(Object name) {
        String line = name.toString().replaceAll("[\\p{Cntrl}\\x{2028}\\x{2029}]", "?");
        return line.length() > LENGTH ? line.substring(0, LENGTH) + "..." : line;
    }
}
