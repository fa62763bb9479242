package dev.kitchen.serving;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the users of something that must not be freed under them. The state is the count with a bit that says that no
 * more users come; whoever makes it "none, and none will come" is told so, exactly once.
 */
final class Lease {

    private static final long RETIRED = 1;
    private static final long ONE_USER = 2;

    private final AtomicLong state = new AtomicLong();

    /** Becomes a user; false if the lease is retired. */
    boolean tryAcquire() {
        long current = state.get();
        while ((current & RETIRED) == 0) {
            if (state.compareAndSet(current, current + ONE_USER)) {
                return true;
            }
            current = state.get();
        }
        return false;
    }

    /** Stops being a user; true if this was the last one of a retired lease. */
    boolean release() {
        long now = state.addAndGet(-ONE_USER);
        if (now < 0) {
            throw new IllegalStateException("released more often than acquired");
        }
        return now == RETIRED;
    }

    /** Lets no more users in; true if this call retired it and there were none. */
    boolean retire() {
        return state.getAndUpdate(it -> it | RETIRED) == 0;
    }

    boolean isRetired() {
        return (state.get() & RETIRED) != 0;
    }

    long users() {
        return state.get() >> 1;
    }
}
