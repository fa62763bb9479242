package dev.kitchen.base;

/**
 * Lets a call overflow the stack before it takes anything, rather than where it gives back what it took. A caller may
 * recurse until the stack is full; clean-up needs a few frames too, and where there is no room for them a lease or a
 * permit would be held for ever.
 *
 * <p>Looks at the first calls only, which are interpreted: each interpreted frame needs room of its own. A compiled
 * method finds room for all that is compiled into it when it is entered, and clean-up needs less than what came before.
 */
public final class StackRoom {

    /** With the size of interpreted frames, somewhat more than a call takes until it runs the model. */
    private static final int FRAMES = 16;

    /** Long before this the JVM has compiled what every call does. */
    private static final int INTERPRETED_CALLS = 50_000;

    /** Races between callers cost a look. */
    private int calls;

    /**
     * Returns if there is room for what Kitchen does in a call, without the model.
     *
     * @throws StackOverflowError if there is not
     */
    public void require() {
        if (calls < INTERPRETED_CALLS) {
            calls++;
            descend(FRAMES, 0, 0, 0, 0);
        }
    }

    /** The arguments only take room: an interpreted frame has a place for each of them, twice. */
    private static int descend(int frames, long one, long two, long three, long four) {
        return frames == 0 ? 0 : 1 + descend(frames - 1, one, two, three, four);
    }
}
