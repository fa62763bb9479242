package dev.kitchen.runtime;

/** Several calls that one run answers. A class of its own, so that the context of a single call is no larger for it. */
final class JoinedCall extends CallContext {

    private final int calls;

    JoinedCall(int calls, long startNanos, long deadlineNanos) {
        super(startNanos, deadlineNanos);
        this.calls = calls;
    }

    @Override
    public int calls() {
        return calls;
    }
}
