package dev.kitchen.cache;

import dev.kitchen.spi.CacheKey;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;

/** How much memory an answer takes, with its key: about, and rather too much than too little. */
final class Footprint {

    /** What the cache itself takes for an answer, and the objects around key and value. */
    static final int ENTRY_BYTES = 320;

    private static final int VALUE_BYTES = 128;
    private static final int TEXT_BYTES = 64;
    private static final int MAP_ENTRY_BYTES = 112;

    private Footprint() {}

    static int of(CacheKey key, NamedValues outputs) {
        long bytes = ENTRY_BYTES + of(key.inputs()) + of(outputs);
        for (String output : key.requestedOutputs()) {
            bytes += of(output);
        }
        for (var parameter : key.parameters().entrySet()) {
            bytes += MAP_ENTRY_BYTES + of(parameter.getKey()) + of(parameter.getValue());
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static long of(NamedValues values) {
        long bytes = 0;
        for (int i = 0; i < values.size(); i++) {
            bytes += of(values.name(i)) + of(values.value(i));
        }
        return bytes;
    }

    private static long of(Value value) {
        long bytes = VALUE_BYTES;
        if (value instanceof Tensor tensor) {
            bytes += 8L * tensor.shape().rank() + of(tensor);
        } else if (value instanceof SequenceValue sequence) {
            for (Value element : sequence.elements()) {
                bytes += of(element);
            }
        } else if (value instanceof MapValue map) {
            for (var entry : map.entries().entrySet()) {
                bytes += MAP_ENTRY_BYTES + ofScalar(entry.getKey()) + ofScalar(entry.getValue());
            }
        }
        return bytes;
    }

    private static long of(Tensor tensor) {
        if (tensor.type() != DataType.STRING) {
            return tensor.sizeBytes();
        }
        long bytes = 0;
        for (int i = 0; i < tensor.elementCount(); i++) {
            bytes += of(tensor.stringAt(i));
        }
        return bytes;
    }

    private static long ofScalar(Object scalar) {
        return scalar instanceof String text ? of(text) : 0;
    }

    private static long of(String text) {
        return TEXT_BYTES + 2L * text.length();
    }
}
