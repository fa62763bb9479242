package dev.kitchen;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong on purpose, in every stage, at random; counts how often it did. */
final class Faults {

    static final String MESSAGE = "a fault on purpose";

    private final Map<Kind, LongAdder> struck = new EnumMap<>(Kind.class);
    private volatile boolean on;

    /** Where something can go wrong, and once in how many times it does. */
    enum Kind {
        RUN_FAILS(60),
        RUN_HANGS(600),
        RUN_IS_SLOW(60),
        CACHE_FAILS(20),
        CACHE_IS_SLOW(500),
        FALLBACK_FAILS(4),
        LISTENER_FAILS(200);

        private final int oneIn;

        Kind(int oneIn) {
            this.oneIn = oneIn;
        }
    }

    /** No kind that Kitchen knows, and without a trace, as thousands of them are logged. */
    private static final class Fault extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Fault() {
            super(MESSAGE, null, false, false);
        }
    }

    /** As if something had recursed for ever; without a trace likewise. */
    private static final class Overflow extends StackOverflowError {

        private static final long serialVersionUID = 1;

        private Overflow() {
            super(MESSAGE);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    Faults() {
        for (Kind kind : Kind.values()) {
            struck.put(kind, new LongAdder());
        }
    }

    void begin() {
        on = true;
    }

    void end() {
        on = false;
    }

    /** Whether it is to go wrong this time. Versions are loaded and proven in peace. */
    boolean strikes(Kind kind) {
        boolean strikes = on
                && ThreadLocalRandom.current().nextInt(kind.oneIn) == 0
                && !Thread.currentThread().getName().startsWith("kitchen-loader");
        if (strikes) {
            struck.get(kind).increment();
        }
        return strikes;
    }

    void failIfStruck(Kind kind) {
        if (strikes(kind)) {
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                throw new Overflow();
            }
            throw new Fault();
        }
    }

    void lingerIfStruck(Kind kind) {
        if (strikes(kind)) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(3_000_000));
        }
    }

    boolean haveAllStruck() {
        return struck.values().stream().allMatch(it -> it.sum() > 0);
    }

    @Override
    public String toString() {
        return struck.toString();
    }
}
