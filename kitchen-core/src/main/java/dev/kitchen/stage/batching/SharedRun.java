package dev.kitchen.stage.batching;

import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A run that belongs to all its members: it has no deadline, and ends early only when the last of them has left. Its last
 * member waits for that end, as the version is kept in memory by those who wait.
 */
final class SharedRun {

    private final List<Member> members;
    private final CallContext context;
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Guarded by the queue's lock. */
    private int waiting;

    SharedRun(List<Member> members, long nowNanos) {
        this.members = List.copyOf(members);
        this.waiting = members.size();
        this.context = new CallContext(nowNanos, CallContext.NO_DEADLINE);
    }

    List<Member> members() {
        return members;
    }

    CallContext context() {
        return context;
    }

    /** One member less; true if it was the last one. */
    boolean leave() {
        return --waiting == 0;
    }

    /** Nobody waits any more: stops the run and blocks until it has ended. An interrupt is kept for later. */
    void abandon() {
        context.stop(StopReason.CANCELLED);
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void end() {
        ended.countDown();
    }
}
