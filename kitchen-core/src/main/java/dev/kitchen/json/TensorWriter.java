package dev.kitchen.json;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.json.JsonOptions.NonFinite;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import tools.jackson.core.JsonGenerator;

/** Writes one tensor object; its data is flat. */
final class TensorWriter {

    private final JsonGenerator json;
    private final NonFinite nonFinite;

    TensorWriter(JsonGenerator json, NonFinite nonFinite) {
        this.json = json;
        this.nonFinite = nonFinite;
    }

    /** Throws if the value cannot be written, so that no answer breaks off half way. */
    static void requireWritable(String name, Value value, NonFinite nonFinite) {
        String place = "output '" + MessageText.of(name) + "'";
        if (!(value instanceof Tensor tensor)) {
            throw new InferenceException(place + ": is a " + value.getClass().getSimpleName()
                    + ", which the protocol has no form for; ask for other outputs, or export the model with tensors"
                    + " only (scikit-learn: zipmap=False)");
        }
        if (tensor.type() == DataType.FLOAT16 || tensor.type() == DataType.BFLOAT16) {
            throw new InferenceException(place + ": sending " + Datatypes.name(tensor.type())
                    + " data as JSON is not supported, expected the binary data format to be asked for");
        }
        if (nonFinite == NonFinite.REFUSE && tensor.type().isFloating()) {
            requireFinite(place, tensor);
        }
    }

    private static void requireFinite(String place, Tensor tensor) {
        for (int i = 0; i < tensor.elementCount(); i++) {
            double value = tensor.doubleAt(i);
            if (!Double.isFinite(value)) {
                throw new InferenceException(place + ": element " + i + " is " + value
                        + ", which JSON has no number for; ask for the binary data format");
            }
        }
    }

    void write(String name, Tensor tensor) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("datatype", Datatypes.name(tensor.type()));
        json.writeName("shape").writeStartArray();
        for (long dimension : tensor.shape().toArray()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeName("data").writeStartArray();
        writeElements(tensor);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeElements(Tensor tensor) {
        int count = tensor.elementCount();
        if (tensor.type() == DataType.STRING) {
            for (String text : tensor.toStringArray()) {
                json.writeString(text);
            }
            return;
        }
        ByteBuffer data = tensor.bytes().order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            switch (tensor.type()) {
                case FLOAT -> writeFloat(data.getFloat());
                case DOUBLE -> writeDouble(data.getDouble());
                case BOOL -> json.writeBoolean(data.get() != 0);
                case UINT64 -> json.writeNumber(Long.toUnsignedString(data.getLong()));
                default -> json.writeNumber(tensor.longAt(i));
            }
        }
    }

    private void writeFloat(float value) {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            writeNonFinite(Float.toString(value));
        }
    }

    private void writeDouble(double value) {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            writeNonFinite(Double.toString(value));
        }
    }

    private void writeNonFinite(String word) {
        if (nonFinite == NonFinite.LITERAL) {
            json.writeNumber(word);
        } else {
            json.writeNull();
        }
    }
}
