package dev.kitchen.runtime;

/** A version that was retired and may still have calls in flight. */
public interface DrainingVersion {

    /** The model and the version, as the start of a message. */
    String place();

    /** Returns how many calls are in flight. */
    long users();

    /** Returns whether its session has been freed. */
    boolean isFreed();
}
