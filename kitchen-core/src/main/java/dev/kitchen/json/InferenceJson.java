package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Requests and answers of the Open Inference Protocol V2, as JSON. Safe for use by many threads.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md">The
 *     specification</a>
 */
public final class InferenceJson {

    private final JsonOptions options;
    private final JsonFactory factory;

    private InferenceJson(JsonOptions options) {
        this.options = options;
        this.factory = JsonCursor.factory(options);
    }

    public static InferenceJson of(JsonOptions options) {
        return new InferenceJson(options);
    }

    /**
     * Reads a request, to the end of the stream, which stays open.
     *
     * @throws InvalidRequestException naming what is wrong, and where
     * @throws IOException if the stream cannot be read
     */
    public InferenceRequest readRequest(InputStream body) throws IOException {
        return readRequest(
                body.readNBytes(options.maxBytes() == Integer.MAX_VALUE ? options.maxBytes() : options.maxBytes() + 1));
    }

    /**
     * Reads a request.
     *
     * @throws InvalidRequestException naming what is wrong, and where
     */
    public InferenceRequest readRequest(byte[] body) {
        if (body.length > options.maxBytes()) {
            throw new InvalidRequestException(
                    "request: has more than " + options.maxBytes() + " bytes, expected at most that");
        }
        try (JsonCursor cursor = JsonCursor.open("request", factory, body)) {
            return new RequestReader(cursor, options).read();
        } catch (JacksonException e) {
            throw JsonCursor.notJson("request", e);
        }
    }

    /**
     * Writes an answer; all of its outputs have to be tensors. Nothing is written where one cannot be.
     *
     * @param id what the request brought
     * @param out stays open
     * @throws dev.kitchen.error.InferenceException if an output has no form in JSON
     */
    public void writeResponse(Prediction prediction, Optional<String> id, OutputStream out) {
        NamedValues outputs = prediction.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            TensorWriter.requireWritable(outputs.name(i), outputs.value(i), options.nonFinite());
        }
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", prediction.model());
            json.writeStringProperty("model_version", prediction.version());
            id.ifPresent(it -> json.writeStringProperty("id", it));
            json.writeName("outputs").writeStartArray();
            TensorWriter writer = new TensorWriter(json, options.nonFinite());
            for (int i = 0; i < outputs.size(); i++) {
                writer.write(outputs.name(i), (Tensor) outputs.value(i));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * Writes what a model takes and returns.
     *
     * @param versions those that can be asked; may be empty
     * @param platform the backend's name
     * @param out stays open
     */
    public void writeMetadata(
            String model, List<String> versions, String platform, ModelSignature signature, OutputStream out) {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringProperty("name", model);
            json.writeName("versions").writeStartArray();
            versions.forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("platform", platform);
            SignatureWriter.write(json, signature);
            json.writeEndObject();
        }
    }

    private JsonGenerator generator(OutputStream out) {
        JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out);
        json.configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false);
        return json;
    }
}
