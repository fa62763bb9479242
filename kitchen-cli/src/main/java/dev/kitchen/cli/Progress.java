package dev.kitchen.cli;

import dev.kitchen.predict.Ticker;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a long file is, on standard error: a bar that is drawn over in front of a person, a line now and then in a log.
 * Silent for what is done within a second.
 */
final class Progress implements AutoCloseable {

    /** When to show it. */
    enum Mode {
        AUTO,
        ALWAYS,
        NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int BAR = 30;
    private static final long SECOND = 1_000_000_000;
    private static final long REDRAW_NANOS = SECOND / 5;
    private static final long LOG_NANOS = 10 * SECOND;

    private final PrintWriter messages;
    private final boolean shown;
    private final boolean drawn;
    private final long totalBytes;
    private final LongSupplier bytesRead;
    private final Ticker ticker;
    private final long start;
    private long last;
    private long rows;
    private int drawnLength;

    /**
     * Progress through a file.
     *
     * @param totalBytes how long it is; 0 where that is not known
     * @param bytesRead how much of it has been read
     */
    Progress(Terminal terminal, Mode mode, long totalBytes, LongSupplier bytesRead, Ticker ticker) {
        this.messages = terminal.messages();
        this.drawn = terminal.messagesAreSeen();
        this.shown = mode == Mode.ALWAYS || (mode == Mode.AUTO && drawn);
        this.totalBytes = totalBytes;
        this.bytesRead = bytesRead;
        this.ticker = ticker;
        this.start = ticker.nanoTime();
        this.last = start;
    }

    /** So many rows more are done. */
    void advance(int done) {
        rows += done;
        long now = shown ? ticker.nanoTime() : last;
        if (now - start >= SECOND && now - last >= (drawn ? REDRAW_NANOS : LOG_NANOS)) {
            last = now;
            show(line(now));
        }
    }

    private String line(long now) {
        double seconds = Math.max(1, now - start) / (double) SECOND;
        String counted = String.format(Locale.ROOT, "%,d rows, %,.0f a second", rows, rows / seconds);
        if (totalBytes <= 0) {
            return counted;
        }
        double part = Math.min(1, bytesRead.getAsLong() / (double) totalBytes);
        int full = (int) (part * BAR);
        String left = part == 0 ? "" : String.format(Locale.ROOT, ", %.0f s left", seconds / part - seconds);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%  %s%s",
                "#".repeat(full),
                "-".repeat(BAR - full),
                part * 100,
                counted,
                left);
    }

    private void show(String line) {
        if (drawn) {
            messages.print("\r" + line + " ".repeat(Math.max(0, drawnLength - line.length())));
            messages.flush();
            drawnLength = line.length();
        } else {
            messages.println(line);
        }
    }

    /** Makes room for a message. */
    void interrupt() {
        if (drawnLength > 0) {
            messages.print("\r" + " ".repeat(drawnLength) + "\r");
            messages.flush();
            drawnLength = 0;
        }
    }

    @Override
    public void close() {
        interrupt();
        if (shown) {
            messages.println(
                    String.format(Locale.ROOT, "%,d rows in %s", rows, Texts.nanos(ticker.nanoTime() - start)));
        }
    }
}
