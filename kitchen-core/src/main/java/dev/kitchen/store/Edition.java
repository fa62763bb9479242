package dev.kitchen.store;

import java.util.Comparator;

/**
 * Which state of the models a snapshot shows. Looks at plain files and changes of a document are counted apart, and a
 * document always comes after plain files.
 *
 * @param registered whether a document says so
 * @param generation of the document, 0 where nothing was ever written; the number of the look at plain files
 */
public record Edition(boolean registered, long generation) implements Comparable<Edition> {

    private static final Comparator<Edition> ORDER =
            Comparator.comparing(Edition::registered).thenComparingLong(Edition::generation);

    /** Before everything else. */
    public static final Edition NONE = new Edition(false, -1);

    @Override
    public int compareTo(Edition other) {
        return ORDER.compare(this, other);
    }
}
