package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Some neighbouring items of a bulk call. Runs once, on whichever thread comes first. */
final class BulkCall<T, A> implements Runnable {

    private final BulkWork<T, A> work;
    private final long firstIndex;
    private final List<T> items;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<List<BulkResult<A>>> results = new CompletableFuture<>();

    BulkCall(BulkWork<T, A> work, long firstIndex, List<T> items) {
        this.work = work;
        this.firstIndex = firstIndex;
        this.items = List.copyOf(items);
    }

    @Override
    public void run() {
        if (claimed.compareAndSet(false, true)) {
            try {
                results.complete(items.size() == 1 ? List.of(alone(0)) : together());
            } catch (Throwable e) {
                results.completeExceptionally(ForeignCode.typed("bulk call: item " + firstIndex + " failed", e));
            }
        }
    }

    /** Prevents the call from starting. A thread that waits for its results gets a {@link CancelledException}. */
    void drop() {
        if (claimed.compareAndSet(false, true)) {
            results.completeExceptionally(
                    new CancelledException("bulk call: its results were closed before item " + firstIndex));
        }
    }

    /** The results in their order. Runs on the calling thread if no other has begun. */
    List<BulkResult<A>> results() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("bulk call: interrupted at item " + firstIndex);
        }
        run();
        try {
            return results.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("bulk call: interrupted at item " + firstIndex);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw ForeignCode.typed("bulk call: item " + firstIndex + " failed", cause == null ? e : cause);
        }
    }

    private List<BulkResult<A>> together() {
        List<A> answers;
        try {
            answers = work.together(items);
        } catch (Throwable e) {
            // One of them may be why: each is asked by itself, and fails by itself.
            return IntStream.range(0, items.size()).mapToObj(this::alone).toList();
        }
        return IntStream.range(0, items.size())
                .mapToObj(i -> BulkResult.of(firstIndex + i, answers.get(i)))
                .toList();
    }

    private BulkResult<A> alone(int i) {
        try {
            return BulkResult.of(firstIndex + i, work.alone(items.get(i)));
        } catch (Throwable e) {
            return BulkResult.failed(firstIndex + i, ForeignCode.typed("bulk call: item " + (firstIndex + i), e));
        }
    }
}
