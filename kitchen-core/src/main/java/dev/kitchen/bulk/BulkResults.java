package dev.kitchen.bulk;

import dev.kitchen.predict.BulkResult;
import dev.kitchen.runtime.AsyncCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The results of a bulk call, in the order of its items. Reads no more items than it needs to keep the kitchen's threads
 * busy. For one thread.
 */
public final class BulkResults<T, A> implements Iterator<BulkResult<A>> {

    private final Iterator<T> items;
    private final BulkWork<T, A> work;
    private final AsyncCalls threads;
    private final Deque<BulkCall<T, A>> underWay = new ArrayDeque<>();
    private final Deque<T> lookedAt = new ArrayDeque<>();
    private Iterator<BulkResult<A>> ready = List.<BulkResult<A>>of().iterator();
    private long read;

    private BulkResults(Iterator<T> items, BulkWork<T, A> work, AsyncCalls threads) {
        this.items = items;
        this.work = work;
        this.threads = threads;
    }

    /** The results, to be read once; closing the stream drops what has not begun. */
    public static <T, A> Stream<BulkResult<A>> stream(Iterator<T> items, BulkWork<T, A> work, AsyncCalls threads) {
        BulkResults<T, A> results = new BulkResults<>(items, work, threads);
        int ordered = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(results, ordered), false)
                .onClose(results::drop);
    }

    @Override
    public boolean hasNext() {
        if (!ready.hasNext()) {
            fill();
            BulkCall<T, A> next = underWay.poll();
            if (next != null) {
                ready = next.results().iterator();
            }
        }
        return ready.hasNext();
    }

    @Override
    public BulkResult<A> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more results");
        }
        return ready.next();
    }

    private void fill() {
        while (underWay.size() < 2 * threads.count() && (items.hasNext() || !lookedAt.isEmpty())) {
            List<T> group = group();
            BulkCall<T, A> call = new BulkCall<>(work, read, group);
            read += group.size();
            underWay.add(call);
            threads.tryExecute(call);
        }
    }

    /** The next item, and those behind it that can be answered with it. */
    private List<T> group() {
        T first = lookedAt.isEmpty() ? items.next() : lookedAt.remove();
        List<T> group = new ArrayList<>();
        group.add(first);
        int rows = work.rows(first);
        int most = rows == 0 ? 0 : work.mostRows(first);
        while (rows < most && items.hasNext()) {
            T item = items.next();
            int more = work.rows(item);
            if (more == 0 || rows + more > most || !work.joins(first, item)) {
                lookedAt.add(item);
                break;
            }
            group.add(item);
            rows += more;
        }
        return group;
    }

    private void drop() {
        underWay.forEach(BulkCall::drop);
    }
}
