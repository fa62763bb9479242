package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One data set of ONNX's backend node suite: a model, inputs and the outputs they should give, in the model's order. */
record NodeCase(Path directory, List<Value> inputs, List<Value> outputs) {

    /** The element type is one that Kitchen has no name for, such as 8-bit floats. */
    static final class UnknownTypeException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownTypeException(String message) {
            super(message);
        }
    }

    /**
     * Reads one data set.
     *
     * @param inputTypes the types the model declares: only they say what an input file holds
     */
    static NodeCase read(Path directory, List<TypeProto> inputTypes, List<TypeProto> outputTypes)
            throws IOException, UnknownTypeException {
        return new NodeCase(
                directory, values(directory, "input_", inputTypes), values(directory, "output_", outputTypes));
    }

    private static List<Value> values(Path directory, String prefix, List<TypeProto> types)
            throws IOException, UnknownTypeException {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            Path file = directory.resolve(prefix + i + ".pb");
            if (!Files.exists(file)) {
                break;
            }
            values.add(value(ByteString.copyFrom(Files.readAllBytes(file)), types.get(i)));
        }
        return values;
    }

    static List<Path> dataSets(Path directory) throws IOException {
        try (Stream<Path> sets = Files.list(directory)) {
            return sets.filter(it -> it.getFileName().toString().startsWith("test_data_set_"))
                    .sorted()
                    .toList();
        }
    }

    private static Value value(ByteString bytes, TypeProto type) throws IOException, UnknownTypeException {
        if (type.hasSequenceType()) {
            return sequence(bytes, type.getSequenceType().getElemType());
        }
        if (type.hasOptionalType()) {
            return optional(bytes);
        }
        return tensor(TensorProto.parseFrom(bytes));
    }

    /** SequenceProto: tensors in field 3, sequences in 5, optionals in 7. */
    private static SequenceValue sequence(ByteString bytes, TypeProto element)
            throws IOException, UnknownTypeException {
        List<Value> values = new ArrayList<>();
        CodedInputStream input = bytes.newCodedInput();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag >>> 3) {
                case 3, 5, 7 -> values.add(value(input.readBytes(), element));
                default -> input.skipField(tag);
            }
        }
        return new SequenceValue(values);
    }

    /** OptionalProto: a tensor in field 3, a sequence in 5. */
    private static Value optional(ByteString bytes) throws IOException, UnknownTypeException {
        CodedInputStream input = bytes.newCodedInput();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag >>> 3) {
                case 3 -> {
                    return tensor(TensorProto.parseFrom(input.readBytes()));
                }
                case 5 -> {
                    return sequence(input.readBytes(), TypeProto.getDefaultInstance());
                }
                default -> input.skipField(tag);
            }
        }
        return new EmptyOptional();
    }

    private static Tensor tensor(TensorProto proto) throws UnknownTypeException {
        return ProtoTensors.tensor(proto);
    }
}
