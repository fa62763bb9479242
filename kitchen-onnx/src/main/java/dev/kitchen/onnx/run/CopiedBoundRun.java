package dev.kitchen.onnx.run;

import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.List;

/**
 * Answers a bound call with a plain run whose outputs are copied into the bound memory. Bound calls fall back on it when
 * ONNX Runtime fails to write into that memory: a model can declare another shape than it computes.
 */
public final class CopiedBoundRun {

    private final InferenceSession session;
    private final NamedValues inputs;
    private final List<String> outputNames;
    private final List<BoundTensor> outputs;
    private boolean inUse;

    public CopiedBoundRun(InferenceSession session, List<BoundTensor> inputs, List<BoundTensor> outputs) {
        this.session = session;
        this.inputs = NamedValues.of(
                inputs.stream().map(BoundTensor::name).toList(),
                inputs.stream()
                        .map(it ->
                                Tensor.borrow(it.type(), it.whole(), it.shape().toArray()))
                        .toArray(Value[]::new));
        this.outputNames = outputs.stream().map(BoundTensor::name).toList();
        this.outputs = List.copyOf(outputs);
    }

    /** The bound inputs, over the bound memory. */
    public NamedValues inputs() {
        return inputs;
    }

    /** Whether a plain run has succeeded where the bound one failed, so that all further runs are plain ones. */
    boolean isInUse() {
        return inUse;
    }

    /**
     * Runs the model and copies its outputs.
     *
     * @throws InferenceException if an output has another shape than is bound
     */
    void run(CallContext context) {
        NamedValues answer = session.run(inputs, outputNames, context);
        inUse = true;
        for (BoundTensor output : outputs) {
            copy(answer.tensor(output.name()), output);
        }
    }

    private static void copy(Tensor tensor, BoundTensor output) {
        if (!tensor.shape().equals(output.shape())) {
            throw new InferenceException("output '" + output.name() + "' has shape " + tensor.shape()
                    + ", expected the shape " + output.shape()
                    + " that is bound, from what the model declares; name its"
                    + " shape when binding, or use predict");
        }
        tensor.copyTo(output.whole());
    }
}
