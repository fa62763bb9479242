package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A valid use of an operator, from which trials are made. Read from a line of {@code operator-seeds.txt}:
 *
 * <pre>domain:Operator@opset input ... ; Operator@opset input ... -> output ... | attribute ...</pre>
 *
 * An input is {@code type[dimensions]=value:value}, {@code _} if it is left out, or {@code ^} for the first output of
 * the node before. An output is a type or {@code _}. An attribute is {@code name=} and a value whose first letter tells
 * its type: i and I integers, f and F floats, s and S strings, t a tensor. The attributes are those of the last node.
 */
record OperatorSeed(List<Node> nodes, List<Integer> outputs, List<AttributeProto> attributes) {

    static final int MISSING = 0;

    private static final int PREVIOUS = -1;

    /** One node; the last one gives the outputs of the model. */
    record Node(String domain, String operator, int opset, List<Input> inputs) {}

    /** An input: its element type, its dimensions, and its values, which repeat; none means any. */
    record Input(int type, List<Long> dimensions, List<String> values) {

        boolean isMissing() {
            return type == MISSING;
        }

        boolean isPrevious() {
            return type == PREVIOUS;
        }
    }

    static List<OperatorSeed> all() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(OperatorSeed.class.getResourceAsStream("operator-seeds.txt")),
                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank())
                    .map(OperatorSeed::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OperatorSeed parse(String line) {
        int arrow = line.indexOf(" -> ");
        String[] right = line.substring(arrow + 4).split(" \\| ", 2);
        List<Node> nodes = Arrays.stream(line.substring(0, arrow).split(" ; "))
                .map(OperatorSeed::node)
                .toList();
        List<Integer> outputs =
                Arrays.stream(right[0].split(" ")).map(OperatorSeed::type).toList();
        List<AttributeProto> attributes = right.length == 1
                ? List.of()
                : Arrays.stream(right[1].split(" "))
                        .map(OperatorSeed::attribute)
                        .toList();
        return new OperatorSeed(nodes, outputs, attributes);
    }

    private static Node node(String text) {
        String[] words = text.split(" ");
        String[] name = words[0].split("@", -1);
        int colon = name[0].indexOf(':');
        return new Node(
                colon < 0 ? "" : name[0].substring(0, colon),
                name[0].substring(colon + 1),
                Integer.parseInt(name[1]),
                Arrays.stream(words).skip(1).map(OperatorSeed::input).toList());
    }

    private static Input input(String word) {
        if (word.equals("_") || word.equals("^")) {
            return new Input(word.equals("_") ? MISSING : PREVIOUS, List.of(), List.of());
        }
        int open = word.indexOf('[');
        int close = word.indexOf(']');
        List<Long> dimensions = Arrays.stream(word.substring(open + 1, close).split(","))
                .filter(text -> !text.isEmpty())
                .map(Long::valueOf)
                .toList();
        List<String> values = close + 1 == word.length()
                ? List.of()
                : List.of(word.substring(close + 2).split(":", -1));
        return new Input(type(word.substring(0, open)), dimensions, values);
    }

    private static int type(String name) {
        return name.equals("_")
                ? MISSING
                : TensorProto.DataType.valueOf(name.toUpperCase(Locale.ROOT)).getNumber();
    }

    private static AttributeProto attribute(String word) {
        int equals = word.indexOf('=');
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(word.substring(0, equals));
        String value = word.substring(equals + 2);
        List<String> values = new ArrayList<>(value.isEmpty() ? List.of() : List.of(value.split(":", -1)));
        switch (word.charAt(equals + 1)) {
            case 'i' -> attribute.setType(AttributeType.INT).setI(Long.parseLong(value));
            case 'f' -> attribute.setType(AttributeType.FLOAT).setF(number(value));
            case 's' -> attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
            case 'I' ->
                values.forEach(text -> attribute.setType(AttributeType.INTS).addInts(Long.parseLong(text)));
            case 'F' ->
                values.forEach(text -> attribute.setType(AttributeType.FLOATS).addFloats(number(text)));
            case 'S' ->
                values.forEach(
                        text -> attribute.setType(AttributeType.STRINGS).addStrings(ByteString.copyFromUtf8(text)));
            default -> attribute.setType(AttributeType.TENSOR).setT(tensor(input(value)));
        }
        return attribute.build();
    }

    private static TensorProto tensor(Input input) {
        long[] dimensions =
                input.dimensions().stream().mapToLong(Long::longValue).toArray();
        return TrialTensors.proto("", TrialTensors.of(input.type(), dimensions, input.values(), null));
    }

    static float number(String text) {
        return switch (text) {
            case "inf" -> Float.POSITIVE_INFINITY;
            case "-inf" -> Float.NEGATIVE_INFINITY;
            case "nan" -> Float.NaN;
            default -> Float.parseFloat(text);
        };
    }
}
