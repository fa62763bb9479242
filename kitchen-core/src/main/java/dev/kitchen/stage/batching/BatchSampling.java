package dev.kitchen.stage.batching;

import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Hands an even share of the batches to a check. */
final class BatchSampling {

    private final double share;
    private final BatchCheck check;
    private final Consumer<String> mismatch;
    private final AtomicLong batches = new AtomicLong();

    BatchSampling(double share, BatchCheck check, Consumer<String> mismatch) {
        this.share = share;
        this.check = check;
        this.mismatch = mismatch;
    }

    /** A batch of two or more requests was answered. */
    void ran(List<Member> members, List<NamedValues> answers) {
        if (share > 0 && isNext(batches.incrementAndGet())) {
            List<PredictionRequest> requests =
                    members.stream().map(Member::request).toList();
            check.begin(requests, answers, mismatch);
        }
    }

    private boolean isNext(long batch) {
        return (long) (batch * share) > (long) ((batch - 1) * share);
    }
}
