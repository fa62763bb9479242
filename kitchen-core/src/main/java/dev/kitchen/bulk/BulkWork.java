package dev.kitchen.bulk;

import java.util.List;

/** How items of a bulk call are answered. Used by several threads at once. */
public interface BulkWork<T, A> {

    /** How many rows of such items one run may answer; 1 where each item is to have its own. */
    int mostRows(T first);

    /** How many rows the item has; 0 where it cannot be put together with others. */
    int rows(T item);

    /** Whether one run can answer both. */
    boolean joins(T one, T other);

    /** Answers several items by one run, or throws. */
    List<A> together(List<T> items);

    /** Answers one item. */
    A alone(T item);
}
