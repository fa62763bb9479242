package dev.kitchen.bound;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.session.SessionRuns;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.Optional;

/** One version, bound to the memory of one call. It belongs to the version, whose reaper frees it first. */
public final class BoundVersion implements SessionRuns.BoundMemory, ServedVersion.Attachment {

    private final ServedVersion model;
    private final BoundBuffers buffers;
    private final BoundRun run;

    private BoundVersion(ServedVersion model, InferenceSession session, BoundBuffers buffers) {
        this.model = model;
        this.buffers = buffers;
        boolean allBound =
                buffers.outputs().size() == session.signature().outputs().size();
        Optional<BoundRun> bound = allBound ? session.bind(buffers.inputs(), buffers.outputs()) : Optional.empty();
        this.run = bound.orElseGet(() -> new CopyingRun(session, buffers));
    }

    /**
     * Binds the memory of a call to a version, which the caller has leased.
     *
     * @throws InvalidRequestException if the version takes or returns other shapes than are bound
     */
    public static BoundVersion of(ServedVersion model, BoundBuffers buffers) {
        buffers.requireFits(model);
        return model.attach(session -> new BoundVersion(model, session, buffers));
    }

    /** The version; whether it still is in service is another question. */
    public ServedVersion model() {
        return model;
    }

    @Override
    public void run(CallContext context) {
        buffers.requireBooleans();
        run.run(context);
    }

    /** A copy of what the last run answered. */
    public Value value(String name) {
        if (run instanceof CopyingRun copying) {
            NamedValues answer = copying.answer();
            if (answer == null) {
                throw new InvalidRequestException(model.place() + ": the bound call has no answer: its run failed");
            }
            return answer.value(name);
        }
        for (BoundTensor output : buffers.outputs()) {
            if (output.name().equals(name)) {
                return Tensor.copyOf(output.type(), output.whole(), output.shape());
            }
        }
        throw new InvalidRequestException(model.place() + ": no output '" + MessageText.of(name) + "'");
    }

    /** Frees what the binding made; what that throws is logged. */
    @Override
    public void close() {
        ForeignCode.attempt(model.place() + ": closing a bound run", run::close);
    }
}
