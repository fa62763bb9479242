package dev.kitchen;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong on purpose, in every stage, at random; counts how often it did. */
final class Faults {

    static final String MESSAGE = "a fault on purpose";

    private final Map<Kind, LongAdder> struck = new EnumMap<>(Kind.class);
    private final Set<Kind> kinds;
    private volatile boolean on;

    /** Where something can go wrong, and once in how many times it does. */
    enum Kind {
        LOAD_FAILS(5),
        SIGNATURE_FAILS(100),
        METADATA_FAILS(10),
        RUN_FAILS(60),
        RUN_HANGS(600),
        RUN_IS_SLOW(60),
        STOP_FAILS(2),
        BIND_FAILS(10),
        BOUND_RUN_FAILS(20),
        BOUND_CLOSE_FAILS(4),
        SESSION_CLOSE_FAILS(3),
        CACHE_FAILS(20),
        CACHE_IS_SLOW(500),
        FALLBACK_FAILS(4),
        LISTENER_FAILS(200),
        STORE_READ_FAILS(20),
        STORE_UPDATE_FAILS(10);

        private final int oneIn;

        Kind(int oneIn) {
            this.oneIn = oneIn;
        }
    }

    /** Those of these kinds, which begin with {@link #begin}. */
    Faults(Set<Kind> kinds) {
        this.kinds = kinds;
        for (Kind kind : kinds) {
            struck.put(kind, new LongAdder());
        }
    }

    void begin() {
        on = true;
    }

    void end() {
        on = false;
    }

    /** Whether it is to go wrong this time. */
    boolean strikes(Kind kind) {
        boolean strikes =
                on && kinds.contains(kind) && ThreadLocalRandom.current().nextInt(kind.oneIn) == 0;
        if (strikes) {
            struck.get(kind).increment();
        }
        return strikes;
    }

    /** Throws anything. */
    void failIfStruck(Kind kind) {
        if (strikes(kind)) {
            throw Thrown.sneaky(Thrown.any(MESSAGE));
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
