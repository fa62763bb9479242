package dev.kitchen.predict;

/** Where time comes from; tests bring their own. Safe for use by many threads. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since some fixed moment; as {@link System#nanoTime()}, only differences mean anything. */
    long nanoTime();

    /** The clock of this machine. */
    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}

enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
