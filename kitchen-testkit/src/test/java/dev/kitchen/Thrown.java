package dev.kitchen;

import java.io.IOException;

/** What foreign code may throw, and how it throws what its signature does not declare, as code from Kotlin does. */
final class Thrown {

    private Thrown() {}

    /** One of each kind: unchecked, checked, and errors of all sorts. */
    static Throwable[] anything() {
        return new Throwable[] {
            new IllegalStateException("no"),
            new IOException("no disk"),
            new AssertionError("no"),
            new OutOfMemoryError("no heap"),
            new StackOverflowError("too deep"),
            new NoClassDefFoundError("gone")
        };
    }

    /** Throws it; for {@code throw Thrown.sneaky(e)}. */
    static RuntimeException sneaky(Throwable what) {
        return Thrown.<RuntimeException>as(what);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the trick
    private static <T extends Throwable> T as(Throwable what) throws T {
        throw (T) what;
    }
}
