package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** What keeps Java types and a model from fitting, collected so that all of it comes in one message. */
final class Problems {

    private static final int SHOWN = 20;

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
}
