package dev.kitchen.stage.batching;

import dev.kitchen.base.Nanos;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that wait for a batch, in the order they came, and how many runs are under way. A batch is the first call and
 * those behind it that can be answered by the same run.
 */
final class BatchQueue {

    private static final Logger LOGGER = LoggerFactory.getLogger(BatchQueue.class);

    /** How often to look at a clock that does not tell when it moves. */
    private static final long FOREIGN_CLOCK_POLL_NANOS = 1_000_000;

    /** A call without a time limit waits no longer than this for others, which may never come. */
    private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final BatchingConfig batching;
    private final BatchSize size;
    private final Ticker ticker;
    private final BooleanSupplier threadStarter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Member> queue = new ArrayDeque<>();
    private int queuedRows;
    private int running;
    private int idleThreads;
    private int threads;
    private boolean closed;

    /**
     * An empty queue.
     *
     * @param threadStarter starts another thread that {@linkplain #take takes} batches and says when it {@linkplain
     *     #threadEnded ends}; false if it cannot
     */
    BatchQueue(BatchingConfig batching, BatchSize size, Ticker ticker, BooleanSupplier threadStarter) {
        this.batching = batching;
        this.size = size;
        this.ticker = ticker;
        this.threadStarter = threadStarter;
    }

    /** Whether the caller may run by itself, as nobody waits; it says when it {@linkplain #ran has}. */
    boolean tryRun() {
        lock.lock();
        try {
            boolean free = queue.isEmpty() && running < batching.concurrentRuns();
            running += free ? 1 : 0;
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** The run of a thread that takes the next one now has ended. */
    void ranBefore() {
        lock.lock();
        try {
            running--;
        } finally {
            lock.unlock();
        }
    }

    /** A caller's run has ended. */
    void ran() {
        boolean thread;
        lock.lock();
        try {
            running--;
            thread = wake();
        } finally {
            lock.unlock();
        }
        startIf(thread);
    }

    /** Adds a call; false if there is no room for it. */
    boolean add(Member member) {
        boolean thread;
        lock.lock();
        try {
            if (closed || queue.size() >= batching.maxQueued()) {
                return false;
            }
            queue.addLast(member);
            queuedRows += member.rows();
            thread = wake();
        } finally {
            lock.unlock();
        }
        startIf(thread);
        return true;
    }

    /** Wakes a thread if there is something to run and a run is free; true if there has to be one first. */
    private boolean wake() {
        if (queue.isEmpty() || running >= batching.concurrentRuns()) {
            return false;
        }
        if (idleThreads > 0) {
            work.signal();
            return false;
        }
        boolean another = threads < batching.concurrentRuns();
        threads += another ? 1 : 0;
        return another;
    }

    private void startIf(boolean another) {
        if (another && !threadStarter.getAsBoolean()) {
            threadEnded();
        }
    }

    /**
     * A thread that took batches has ended, or could not be started. Where it was the only one nobody would ever take the
     * calls that wait: each is run by its own caller then.
     */
    void threadEnded() {
        lock.lock();
        try {
            threads--;
            if (threads == 0) {
                queue.forEach(Member::runAlone);
                queue.clear();
                queuedRows = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The caller waits no longer. The last one of a run stops it, and blocks until it has ended.
     *
     * @return whether the model was running for it
     */
    boolean leave(Member member) {
        Optional<SharedRun> abandoned = Optional.empty();
        boolean running;
        lock.lock();
        try {
            SharedRun run = member.run();
            running = run != null && run.context().isRunning();
            if (run == null) {
                remove(member);
            } else if (run.leave()) {
                abandoned = Optional.of(run);
            }
        } finally {
            lock.unlock();
        }
        abandoned.ifPresent(SharedRun::abandon);
        return running;
    }

    private void remove(Member member) {
        if (queue.remove(member)) {
            queuedRows -= member.rows();
        }
    }

    /** A run for those of the calls that are still waited for; empty if none are. */
    Optional<SharedRun> begin(List<Member> candidates) {
        long now = ticker.nanoTime();
        lock.lock();
        try {
            return join(candidates.stream().filter(it -> !it.isGone(now)).toList(), now);
        } finally {
            lock.unlock();
        }
    }

    private static Optional<SharedRun> join(List<Member> members, long now) {
        if (members.isEmpty()) {
            return Optional.empty();
        }
        SharedRun run = new SharedRun(members, now);
        members.forEach(it -> it.joins(run));
        return Optional.of(run);
    }

    /**
     * The next batch, once there is one and a run is free; whoever takes it says when it {@linkplain #ranBefore has run}.
     * Blocks.
     *
     * @return empty when this is closed
     */
    Optional<SharedRun> take() {
        Optional<SharedRun> run = Optional.empty();
        boolean thread = false;
        lock.lock();
        try {
            while (run.isEmpty() && (!closed || !queue.isEmpty())) {
                long nanos = nanosToWait();
                if (nanos > 0) {
                    await(nanos);
                } else {
                    run = form();
                }
            }
            if (run.isPresent()) {
                running++;
                thread = wake();
            }
        } finally {
            lock.unlock();
        }
        startIf(thread);
        return run;
    }

    /** Takes the first call out, as no batch can be made with it. */
    Optional<Member> takeFirst() {
        lock.lock();
        try {
            Optional<Member> first = Optional.ofNullable(queue.peekFirst());
            first.ifPresent(this::remove);
            return first;
        } finally {
            lock.unlock();
        }
    }

    private long nanosToWait() {
        if (queue.isEmpty() || running >= batching.concurrentRuns()) {
            return Long.MAX_VALUE;
        }
        if (closed || batching.delay().isZero() || queuedRows >= size.limit()) {
            return 0;
        }
        long now = ticker.nanoTime();
        long nanos = Long.MAX_VALUE;
        for (Member member : queue) {
            nanos = Math.min(nanos, member.isGone(now) ? 0 : Nanos.until(member.dueNanos(), now));
        }
        return nanos;
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is take's
    private void await(long nanos) {
        idleThreads++;
        try {
            if (nanos == Long.MAX_VALUE) {
                work.awaitUninterruptibly();
            } else {
                work.await(ticker.equals(Ticker.system()) ? nanos : FOREIGN_CLOCK_POLL_NANOS, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            LOGGER.debug("a batcher does not end by interrupt", e);
        } finally {
            idleThreads--;
        }
    }

    private Optional<SharedRun> form() {
        long now = ticker.nanoTime();
        List<Member> members = new ArrayList<>();
        try {
            choose(members, now);
            return join(members, now);
        } catch (Throwable e) {
            // They are queued no longer, and nobody else knows of them.
            members.forEach(it -> it.fail(e));
            throw e;
        }
    }

    private void choose(List<Member> members, long now) {
        int rows = 0;
        long bytes = 0;
        for (Iterator<Member> all = queue.iterator(); all.hasNext() && rows < size.limit(); ) {
            Member member = all.next();
            if (member.isGone(now)) {
                leaveQueue(all, member);
                continue;
            }
            if (!members.isEmpty() && !members.get(0).joinsWith(member)) {
                continue;
            }
            rows += member.rows();
            bytes += member.bytes();
            if (!members.isEmpty() && (rows > size.limit() || bytes > batching.maxBytes())) {
                break;
            }
            members.add(member);
            leaveQueue(all, member);
        }
    }

    private void leaveQueue(Iterator<Member> position, Member member) {
        position.remove();
        queuedRows -= member.rows();
    }

    /** Lets the threads end once nothing is queued. */
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** When a call that comes now is to be run at the latest. */
    long due(CallContext context, long nowNanos) {
        long delay = Math.min(Nanos.of(batching.delay()), LONGEST_DELAY_NANOS);
        long wait = context.hasDeadline() ? Math.min(delay, (context.deadlineNanos() - nowNanos) / 2) : delay;
        return Nanos.after(nowNanos, wait);
    }
}
