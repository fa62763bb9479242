package dev.kitchen.tflite;

import dev.kitchen.spi.BoundRun;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** An interpreter of its own, whose inputs and outputs are copied from and to Kitchen's memory without an object made. */
final class TfliteBoundRun implements BoundRun {

    private final TfliteFrame frame;
    private final ByteBuffer[] inputs;
    private final ByteBuffer[] outputs;

    private TfliteBoundRun(TfliteFrame frame, List<BoundTensor> inputs, List<BoundTensor> outputs) {
        this.frame = frame;
        this.inputs = inputs.stream().map(BoundTensor::whole).toArray(ByteBuffer[]::new);
        this.outputs = outputs.stream().map(BoundTensor::whole).toArray(ByteBuffer[]::new);
    }

    /** Empty where the interpreter moves its memory, or gives an output another shape than was bound. */
    static Optional<BoundRun> of(TfliteFrame frame, List<BoundTensor> inputs, List<BoundTensor> outputs) {
        boolean bound = false;
        try {
            frame.resize(inputs.stream().map(BoundTensor::shape).toArray(Shape[]::new));
            bound = !frame.isMoving();
            for (int i = 0; bound && i < outputs.size(); i++) {
                bound = frame.output(i).shape().equals(outputs.get(i).shape());
            }
            return bound ? Optional.of(new TfliteBoundRun(frame, inputs, outputs)) : Optional.empty();
        } finally {
            if (!bound) {
                frame.free();
            }
        }
    }

    @Override
    public void run(RunContext context) {
        for (int i = 0; i < inputs.length; i++) {
            frame.input(i).memory().put(0, inputs[i], 0, inputs[i].capacity());
        }
        frame.invoke(context);
        for (int i = 0; i < outputs.length; i++) {
            outputs[i].put(0, frame.output(i).memory(), 0, outputs[i].capacity());
        }
    }

    @Override
    public void close() {
        frame.free();
    }
}
