package dev.kitchen.json;

import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** Writes what a model takes and returns as the protocol's tensor metadata. */
final class SignatureWriter {

    private SignatureWriter() {}

    /** The properties {@code inputs} and {@code outputs} of the object that is being written. */
    static void write(JsonGenerator json, ModelSignature signature) {
        write(
                json,
                "inputs",
                Stream.concat(signature.inputs().stream(), signature.defaultedInputs().stream())
                        .toList());
        write(json, "outputs", signature.outputs());
    }

    private static void write(JsonGenerator json, String property, List<ValueSpec> specs) {
        json.writeName(property).writeStartArray();
        for (ValueSpec spec : specs) {
            json.writeStartObject();
            json.writeStringProperty("name", spec.name());
            json.writeStringProperty("datatype", datatype(spec));
            json.writeName("shape").writeStartArray();
            for (long dimension : shape(spec).toArray()) {
                json.writeNumber(dimension);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The protocol knows tensors only; the rest is named as ONNX names it. */
    static String datatype(ValueSpec spec) {
        if (spec instanceof TensorSpec tensor) {
            return Datatypes.name(tensor.type());
        } else if (spec instanceof SequenceSpec sequence) {
            return "seq(" + datatype(sequence.element()) + ")";
        } else if (spec instanceof MapSpec map) {
            return "map(" + Datatypes.name(map.keyType()) + "," + Datatypes.name(map.valueType()) + ")";
        }
        return "optional(" + datatype(((OptionalSpec) spec).element()) + ")";
    }

    private static Shape shape(ValueSpec spec) {
        return spec instanceof TensorSpec tensor ? tensor.shape() : Shape.of(Shape.DYNAMIC);
    }
}
