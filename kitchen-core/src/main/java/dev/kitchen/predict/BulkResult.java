package dev.kitchen.predict;

import dev.kitchen.error.KitchenException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one item of many: an answer or a failure. Immutable.
 *
 * @param <A> the kind of answer
 */
public final class BulkResult<A> {

    private final long index;
    private final @Nullable A answer;
    private final @Nullable KitchenException failure;

    private BulkResult(long index, @Nullable A answer, @Nullable KitchenException failure) {
        this.index = index;
        this.answer = answer;
        this.failure = failure;
    }

    public static <A> BulkResult<A> of(long index, A answer) {
        return new BulkResult<>(index, answer, null);
    }

    public static <A> BulkResult<A> failed(long index, KitchenException failure) {
        return new BulkResult<>(index, null, failure);
    }

    /** The item's place among those asked, from 0. */
    public long index() {
        return index;
    }

    /**
     * The answer.
     *
     * @throws KitchenException the item's failure, if it has one
     */
    public A answer() {
        if (answer == null) {
            throw failure().orElseThrow();
        }
        return answer;
    }

    /** Why there is no answer; empty if there is one. */
    public Optional<KitchenException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return index + ": " + (failure == null ? answer : failure);
    }
}
