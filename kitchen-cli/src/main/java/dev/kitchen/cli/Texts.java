package dev.kitchen.cli;

import dev.kitchen.error.MessageText;
import java.util.Locale;
import java.util.stream.Collectors;

/** Texts for people. */
final class Texts {

    /** Enough for every message; a text of a file may be longer. */
    private static final int MOST = 10_000;

    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private Texts() {}

    /** The text without what would move the cursor or begin another line. */
    static String oneLine(String text) {
        return MessageText.of(text, MOST);
    }

    /** The text without what a terminal would obey; lines stay. */
    static String printable(String text) {
        return text.lines().map(Texts::oneLine).collect(Collectors.joining("\n"));
    }

    static String bytes(long count) {
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? count + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    static String nanos(long nanos) {
        double micros = nanos / 1e3;
        if (micros < 1e3) {
            return String.format(Locale.ROOT, "%.1f us", micros);
        }
        return micros < 1e6
                ? String.format(Locale.ROOT, "%.2f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
