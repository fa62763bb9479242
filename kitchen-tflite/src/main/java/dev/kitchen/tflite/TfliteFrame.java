package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.SignatureRunner;
import org.bytedeco.tensorflowlite.Subgraph;
import org.jspecify.annotations.Nullable;

/** An interpreter with its memory. Used by one run at a time, and kept for the next one. */
final class TfliteFrame {

    private static final long MAX_DELAY_MILLIS = 500;

    private final ModelPlan plan;
    private final Interpreter interpreter;
    private final Subgraph graph;
    private final @Nullable SignatureRunner runner;
    private final KeptTensor[] inputs;
    private final KeptTensor[] outputs;
    private final Runnable stop = this::cancel;
    private final Object lock = new Object();
    private int cancelledRuns;
    private volatile boolean cancelled;
    private boolean moving;

    TfliteFrame(NativeModel model, ModelPlan plan) {
        this.plan = plan;
        this.interpreter = model.interpreter();
        this.graph = interpreter.subgraph(plan.graph());
        this.inputs = plan.inputs().stream().map(KeptTensor::new).toArray(KeptTensor[]::new);
        this.outputs = plan.outputs().stream().map(KeptTensor::new).toArray(KeptTensor[]::new);
        try {
            // The first graph is prepared even where another is served: this is what puts XNNPACK to work on all.
            requireOk(interpreter.AllocateTensors(), "prepare the model");
            this.runner = plan.graph() == 0 ? null : interpreter.GetSignatureRunner(plan.signatureKey());
            if (plan.graph() != 0 && (runner == null || runner.isNull())) {
                throw new InferenceException("TensorFlow Lite finds no signature '" + plan.signatureKey() + "'");
            }
            allocate();
        } catch (RuntimeException e) {
            interpreter.close();
            throw e;
        }
    }

    private static void requireOk(int status, String what) {
        if (!Status.isOk(status)) {
            throw new InferenceException("TensorFlow Lite cannot " + what + " (" + Status.text(status) + ")");
        }
    }

    private void allocate() {
        requireOk(
                runner == null ? interpreter.AllocateTensors() : runner.AllocateTensors(), "make room for its tensors");
        rebind();
    }

    private void rebind() {
        moving = graph.HasDynamicTensors();
        for (KeptTensor input : inputs) {
            input.rebind(graph);
        }
        for (KeptTensor output : outputs) {
            if (!moving) {
                output.rebind(graph);
            }
        }
    }

    KeptTensor input(int index) {
        return inputs[index];
    }

    KeptTensor output(int index) {
        return outputs[index];
    }

    /** Whether the runtime may move its memory during a run, so that it has to be looked for after each. */
    boolean isMoving() {
        return moving;
    }

    NamedValues run(NamedValues values, List<String> names, RunContext context) {
        Shape[] shapes = new Shape[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            shapes[i] = ((Tensor) values.value(i)).shape();
        }
        resize(shapes);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i].write((Tensor) values.value(i), graph);
        }
        invoke(context);
        return read(names);
    }

    /** Gives inputs these shapes, if they have others. */
    void resize(Shape[] shapes) {
        boolean changed = false;
        for (int i = 0; i < inputs.length; i++) {
            if (!inputs[i].shape().equals(shapes[i])) {
                resize(inputs[i].port(), shapes[i]);
                changed = true;
            }
        }
        if (changed) {
            allocate();
        }
    }

    private void resize(Port port, Shape shape) {
        int[] dimensions = new int[shape.rank()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = Math.toIntExact(shape.dimension(i));
        }
        int status = port.strict()
                ? graph.ResizeInputTensorStrict(port.tensor(), dimensions)
                : graph.ResizeInputTensor(port.tensor(), dimensions);
        if (!Status.isOk(status)) {
            throw new InvalidRequestException(
                    "input '" + port.name() + "' has shape " + shape + ", which TensorFlow Lite refuses");
        }
    }

    /** Runs over what the inputs' memory holds. */
    void invoke(RunContext context) {
        if (plan.stateful()) {
            requireOk(graph.ResetVariableTensors(), "forget the run before");
        }
        if (cancelled) {
            // Only then: a volatile write is a fence, which small models notice.
            cancelled = false;
        }
        context.onStop(stop);
        int status;
        try {
            status = cancelled ? Status.CANCELLED : invoke();
        } finally {
            context.clearOnStop();
            if (cancelled) {
                endCancelledRun();
            }
        }
        requireOk(status, "run the model");
        if (moving) {
            for (KeptTensor output : outputs) {
                output.rebind(graph);
            }
        }
    }

    private int invoke() {
        return runner == null ? interpreter.Invoke() : runner.Invoke();
    }

    private void cancel() {
        cancelled = true;
        interpreter.Cancel();
        synchronized (lock) {
            cancelAgain(cancelledRuns, 1);
        }
    }

    /** Invoke forgets a cancellation that comes right before it, so one is not enough: not until the run has ended. */
    private void cancelAgain(int run, long delayMillis) {
        CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    synchronized (lock) {
                        if (cancelledRuns == run) {
                            interpreter.Cancel();
                            cancelAgain(run, Math.min(2 * delayMillis, MAX_DELAY_MILLIS));
                        }
                    }
                });
    }

    private void endCancelledRun() {
        synchronized (lock) {
            cancelledRuns++;
        }
    }

    private NamedValues read(List<String> names) {
        Value[] values = new Value[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = output(names.get(i)).read();
        }
        if (moving) {
            // What the runtime moved for this run is where the next one writes.
            for (KeptTensor input : inputs) {
                input.rebind(graph);
            }
        }
        return NamedValues.of(names, values);
    }

    private KeptTensor output(String name) {
        for (KeptTensor output : outputs) {
            if (output.port().name().equals(name)) {
                return output;
            }
        }
        throw new InvalidRequestException("there is no output '" + name + "'");
    }

    void free() {
        interpreter.close();
    }
}
