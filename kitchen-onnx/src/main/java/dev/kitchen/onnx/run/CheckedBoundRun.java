package dev.kitchen.onnx.run;

import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.BoundRun;

/** A bound run whose inputs are checked first, and which falls back on a plain run where it fails. */
public final class CheckedBoundRun implements BoundRun {

    private final BoundRun bound;
    private final RunCheck checks;
    private final CopiedBoundRun copied;

    /**
     * Puts checks and the plain run in front of a binding.
     *
     * @param bound closed with this
     * @param checks asked before each run if it reads values
     * @param copied answers when ONNX Runtime cannot write into the bound outputs; it checks its inputs itself
     */
    public CheckedBoundRun(BoundRun bound, RunCheck checks, CopiedBoundRun copied) {
        this.bound = bound;
        this.checks = checks;
        this.copied = copied;
    }

    @Override
    public void run(CallContext context) {
        if (copied.isInUse()) {
            copied.run(context);
            return;
        }
        if (checks.readsValues()) {
            checks.check(copied.inputs());
        }
        try {
            bound.run(context);
        } catch (KitchenException e) {
            if (context.isStopped()) {
                throw e;
            }
            copied.run(context);
        }
    }

    @Override
    public void close() {
        bound.close();
    }
}
