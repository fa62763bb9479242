package dev.kitchen.onnx;

import java.util.concurrent.atomic.LongAdder;

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

    @Override
    public String toString() {
        return "plain=" + plain + " typed=" + typed + " bound=" + bound + " async=" + async + " cancelled=" + cancelled
                + " inTime=" + inTime + " late=" + late + " stopped=" + stopped + " swaps=" + swaps;
    }
}
