package dev.kitchen.bound;

import dev.kitchen.error.InferenceException;
import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a session over bound memory that its runtime cannot bind by itself: a plain run whose outputs are copied. */
final class CopyingRun implements BoundRun {

    private final InferenceSession session;
    private final NamedValues inputs;
    private final List<String> outputNames;
    private final List<BoundTensor> outputs;
    private @Nullable NamedValues answer;

    CopyingRun(InferenceSession session, BoundBuffers buffers) {
        this.session = session;
        this.inputs = NamedValues.of(
                buffers.inputs().stream().map(BoundTensor::name).toList(),
                buffers.inputs().stream().map(CopyingRun::borrow).toArray(Value[]::new));
        this.outputNames =
                session.signature().outputs().stream().map(ValueSpec::name).toList();
        this.outputs = buffers.outputs();
    }

    private static Tensor borrow(BoundTensor bound) {
        return Tensor.borrow(bound.type(), bound.whole(), bound.shape().toArray());
    }

    @Override
    public void run(RunContext context) {
        answer = null;
        NamedValues values = session.run(inputs, outputNames, context);
        for (BoundTensor output : outputs) {
            copy(values.tensor(output.name()), output);
        }
        answer = values;
    }

    private static void copy(Tensor tensor, BoundTensor output) {
        if (!tensor.shape().equals(output.shape())) {
            throw new InferenceException("output '" + output.name() + "' has shape " + tensor.shape() + ", bound is "
                    + output.shape() + "; name its shape when binding, or use predict");
        }
        tensor.copyTo(output.whole());
    }

    /** What the last run answered; null if it failed. */
    @Nullable
    NamedValues answer() {
        return answer;
    }

    @Override
    public void close() {}
}
