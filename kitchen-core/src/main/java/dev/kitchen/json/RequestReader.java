package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.json.InferenceRequest.RequestedOutput;
import dev.kitchen.json.TensorReader.Dialect;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonToken;

/** Reads one request: id, parameters, inputs, outputs, in any order; passes over what it does not know. */
final class RequestReader {

    /** Each costs memory of its own, even an empty one. */
    private static final int MAX_TENSORS = 10_000;

    private final JsonCursor cursor;
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Map<String, RequestedOutput> outputs = new LinkedHashMap<>();
    private Optional<String> id = Optional.empty();
    private Map<String, Object> parameters = Map.of();
    private boolean hasInputs;
    private int bytesLeft;

    RequestReader(JsonCursor cursor, JsonOptions options) {
        this.cursor = cursor;
        this.bytesLeft = options.maxTensorBytes();
    }

    InferenceRequest read() {
        cursor.expectNext("request", JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            switch (cursor.name()) {
                case "id" -> id = Optional.of(id());
                case "parameters" -> parameters = cursor.parameters("request: parameter");
                case "inputs" -> inputs();
                case "outputs" -> outputs();
                default -> cursor.skipValue();
            }
        }
        cursor.expectEnd();
        if (!hasInputs) {
            throw new InvalidRequestException("request: has no inputs, expected an array of tensors");
        }
        return new InferenceRequest(id, parameters, NamedValues.of(inputs), new ArrayList<>(outputs.values()));
    }

    private String id() {
        cursor.next();
        String text = cursor.text("request: id");
        return text.isEmpty()
                ? text
                : CallOptions.builder().requestId(text).build().requestId().orElseThrow();
    }

    private void inputs() {
        hasInputs = true;
        cursor.expectNext("request: inputs", JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            requireFew("inputs", inputs.size());
            TensorReader.Named input =
                    TensorReader.read("request: input", inputs.size(), cursor, bytesLeft, Dialect.PROTOCOL);
            bytesLeft -= (int) ElementCollector.keptBytes((Tensor) input.value());
            if (inputs.put(input.name(), input.value()) != null) {
                throw new InvalidRequestException(
                        "request: input '" + MessageText.of(input.name()) + "' is there twice, expected once");
            }
        }
        if (inputs.isEmpty()) {
            throw new InvalidRequestException("request: inputs are empty, expected at least one tensor");
        }
    }

    private void outputs() {
        cursor.expectNext("request: outputs", JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            requireFew("outputs", outputs.size());
            RequestedOutput output = output("request: outputs[" + outputs.size() + "]");
            if (outputs.put(output.name(), output) != null) {
                throw new InvalidRequestException(
                        "request: output '" + MessageText.of(output.name()) + "' is asked for twice, expected once");
            }
        }
    }

    private static void requireFew(String kind, int count) {
        if (count == MAX_TENSORS) {
            throw new InvalidRequestException(
                    "request: has more than " + MAX_TENSORS + " " + kind + ", expected at most that");
        }
    }

    private RequestedOutput output(String place) {
        cursor.expect(place, JsonToken.START_OBJECT);
        List<String> name = new ArrayList<>();
        Map<String, Object> own = new LinkedHashMap<>();
        while (cursor.nextProperty()) {
            switch (cursor.name()) {
                case "name" -> {
                    cursor.next();
                    name.add(cursor.shortText(place + ": name"));
                }
                case "parameters" -> own.putAll(cursor.parameters(place + ": parameter"));
                default -> cursor.skipValue();
            }
        }
        if (name.isEmpty() || name.get(0).isEmpty()) {
            throw new InvalidRequestException(place + ": has no name, expected one");
        }
        return new RequestedOutput(name.get(0), own);
    }
}
