package dev.kitchen.onnx;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What a soak has done. */
final class SoakCounts {

    final LongAdder plain = new LongAdder();
    final LongAdder typed = new LongAdder();
    final LongAdder bound = new LongAdder();
    final LongAdder async = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder inTime = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder stopped = new LongAdder();
    final LongAdder swaps = new LongAdder();

    /** Whether there was one of each kind that a soak has to have. */
    boolean isEverythingDone() {
        return Stream.of(plain, typed, bound, async, stopped, swaps).noneMatch(count -> count.sum() == 0);
    }

    @Override
    public String toString() {
        return "plain=" + plain + " typed=" + typed + " bound=" + bound + " async=" + async + " cancelled=" + cancelled
                + " inTime=" + inTime + " late=" + late + " stopped=" + stopped + " swaps=" + swaps;
    }
}
