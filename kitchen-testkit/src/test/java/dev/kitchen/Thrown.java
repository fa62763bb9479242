package dev.kitchen;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

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

    /** Any kind at random, with that message, and without a stack trace, as thousands of them are logged. */
    static Throwable any(String message) {
        return switch (ThreadLocalRandom.current().nextInt(6)) {
            case 0 -> new Unchecked(message);
            case 1 -> new Checked(message);
            case 2 -> new Bare(message);
            case 3 -> new Memory(message);
            case 4 -> new Overflow(message);
            default -> new Missing(message);
        };
    }

    private static final class Unchecked extends IllegalStateException {

        private static final long serialVersionUID = 1;

        Unchecked(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Checked extends IOException {

        private static final long serialVersionUID = 1;

        Checked(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Bare extends Error {

        private static final long serialVersionUID = 1;

        Bare(String message) {
            super(message, null, false, false);
        }
    }

    private static final class Memory extends OutOfMemoryError {

        private static final long serialVersionUID = 1;

        Memory(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Overflow extends StackOverflowError {

        private static final long serialVersionUID = 1;

        Overflow(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Missing extends NoClassDefFoundError {

        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
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
