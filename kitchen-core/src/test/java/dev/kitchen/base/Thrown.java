package dev.kitchen.base;

/** Throws anything, declared or not, as code from Kotlin does. */
final class Thrown {

    private Thrown() {}

    static RuntimeException sneaky(Throwable what) {
        return Thrown.<RuntimeException>as(what);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the trick
    private static <T extends Throwable> T as(Throwable what) throws T {
        throw (T) what;
    }
}
