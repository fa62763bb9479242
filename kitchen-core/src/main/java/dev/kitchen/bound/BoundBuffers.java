package dev.kitchen.bound;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.spi.BoundTensor;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** The memory of one bound call: all its inputs, and the outputs whose shapes are known before a run. */
public final class BoundBuffers {

    /** What vector instructions like best. */
    private static final int ALIGNMENT = 64;

    private final String endpoint;
    private final long batchSize;
    private final Map<String, Shape> given;
    private final BoundShapes shapes;
    private final List<BoundTensor> inputs;
    private final List<BoundTensor> outputs;
    private final List<BoundTensor> booleans;
    private final ByteBuffer[] booleanElements;

    /**
     * Memory for a version's signature.
     *
     * @param batchSize the size of dynamic first dimensions, 1 or more
     * @param given shapes by the name of an input or output
     * @throws InvalidRequestException if a shape does not fit the signature, or an input's is not known
     */
    public static BoundBuffers of(ServedVersion model, long batchSize, Map<String, Shape> given) {
        if (batchSize < 1) {
            throw new InvalidRequestException(
                    model.place() + ": a call is to be bound with batch size " + batchSize + ", expected 1 or more");
        }
        return new BoundBuffers(model, batchSize, Map.copyOf(given));
    }

    private BoundBuffers(ServedVersion model, long batchSize, Map<String, Shape> given) {
        this.endpoint = model.name();
        this.batchSize = batchSize;
        this.given = given;
        this.shapes = new BoundShapes(model.place(), model.signature(), batchSize, given);
        this.inputs = shapes.inputs().stream().map(BoundBuffers::allocate).toList();
        this.outputs = shapes.outputs().stream().map(BoundBuffers::allocate).toList();
        this.booleans = inputs.stream().filter(it -> it.type() == DataType.BOOL).toList();
        this.booleanElements = booleans.stream().map(BoundTensor::whole).toArray(ByteBuffer[]::new);
    }

    private static BoundTensor allocate(TensorSpec spec) {
        int bytes = Math.toIntExact(spec.shape().elementCount() * spec.type().sizeBytes());
        int aligned = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer memory = ByteBuffer.allocateDirect(aligned + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, bytes);
        return new BoundTensor(spec.name(), spec.type(), spec.shape(), memory.order(ByteOrder.nativeOrder()));
    }

    /** How many rows the inputs have; 0 where they are not in rows. */
    public int rows() {
        return inputs.stream()
                .mapToInt(it ->
                        it.shape().rank() == 0 ? 0 : Math.toIntExact(it.shape().dimension(0)))
                .reduce((one, other) -> one == other ? one : 0)
                .orElse(0);
    }

    /** The input's memory. */
    public ByteBuffer input(String name) {
        return memory("input", inputs, name);
    }

    /** The output's memory. */
    public ByteBuffer output(String name) {
        return memory("output", outputs, name);
    }

    private ByteBuffer memory(String kind, List<BoundTensor> tensors, String name) {
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i).name().equals(name)) {
                return tensors.get(i).memory();
            }
        }
        throw new InvalidRequestException("endpoint '" + endpoint + "': no " + kind + " '" + MessageText.of(name)
                + "' is bound, expected one of "
                + MessageText.of(tensors.stream().map(BoundTensor::name).toList())
                + (kind.equals("output") ? "; the others are read with value(name)" : ""));
    }

    List<BoundTensor> inputs() {
        return inputs;
    }

    List<BoundTensor> outputs() {
        return outputs;
    }

    /**
     * Throws unless a version takes the same inputs and gives the same outputs.
     *
     * @throws InvalidRequestException saying what is different
     */
    void requireFits(ServedVersion model) {
        BoundShapes others;
        try {
            others = new BoundShapes(model.place(), model.signature(), batchSize, given);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(
                    e.getMessage() + "; the call was bound to another version, bind again", e);
        }
        if (!shapes.equals(others)) {
            throw new InvalidRequestException(model.place() + ": takes " + others + ", but the call is bound to "
                    + shapes + " of another version; bind again");
        }
    }

    /** Any other byte than 0 or 1 in a BOOL tensor is no truth value, and natively undefined. */
    void requireBooleans() {
        for (int tensor = 0; tensor < booleanElements.length; tensor++) {
            ByteBuffer elements = booleanElements[tensor];
            for (int i = 0; i < elements.capacity(); i++) {
                if (elements.get(i) < 0 || elements.get(i) > 1) {
                    throw new InvalidRequestException("endpoint '" + endpoint + "': input '"
                            + booleans.get(tensor).name() + "': BOOL element " + i + " is " + elements.get(i)
                            + ", expected 0 or 1");
                }
            }
        }
    }
}
