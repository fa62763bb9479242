package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.json.InferenceJson;
import dev.kitchen.json.InferenceRequest;
import dev.kitchen.json.JsonOptions;
import dev.kitchen.json.JsonOptions.NonFinite;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.Optional;

/** Answers requests of the Open Inference Protocol: one, or one a line. */
final class RequestPrediction {

    private static final JsonOptions OPTIONS = JsonOptions.defaults().withNonFinite(NonFinite.NULL);

    private final Endpoint endpoint;
    private final CallOptions options;
    private final Optional<RowSink> rows;
    private final OutputStream out;
    private final Progress progress;
    private final InferenceJson json = InferenceJson.of(OPTIONS);

    /** @param rows where answers go as rows; empty for answers as the protocol has them */
    RequestPrediction(
            Endpoint endpoint, CallOptions options, Optional<RowSink> rows, OutputStream out, Progress progress) {
        this.endpoint = endpoint;
        this.options = options;
        this.rows = rows;
        this.out = out;
        this.progress = progress;
    }

    /** Answers the one request that a stream holds. */
    void one(InputStream in, String place) throws IOException {
        answer(in.readNBytes(OPTIONS.maxBytes() + 1), place);
    }

    /** Answers one request after the other; empty lines are passed over. */
    void lines(InputStream in, String place) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long number = 1;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                answerLine(line, place + ", line " + number++);
            } else if (line.size() <= OPTIONS.maxBytes()) {
                line.write(next);
            }
        }
        answerLine(line, place + ", line " + number);
    }

    private void answerLine(ByteArrayOutputStream line, String place) throws IOException {
        byte[] request = line.toByteArray();
        line.reset();
        for (byte character : request) {
            if (!Character.isWhitespace(character)) {
                answer(request, place);
                return;
            }
        }
    }

    private void answer(byte[] body, String place) throws IOException {
        try {
            InferenceRequest request = json.readRequest(body);
            Prediction prediction = endpoint.predict(PredictionRequest.of(request.inputs(), optionsFor(request)));
            write(request, prediction);
            progress.advance(1);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(place + ": " + e.getMessage(), e);
        } catch (InferenceException e) {
            throw new InferenceException(place + ": " + e.getMessage(), e);
        }
    }

    private CallOptions optionsFor(InferenceRequest request) {
        return request.outputs().isEmpty()
                ? options
                : options.withRequestedOutputs(request.outputNames().toArray(String[]::new));
    }

    private void write(InferenceRequest request, Prediction prediction) throws IOException {
        if (rows.isEmpty()) {
            json.writeResponse(prediction, request.id(), out);
            out.write('\n');
            return;
        }
        int count = rowCount(prediction.outputs());
        rows.get()
                .write(
                        Collections.nCopies(count, new CsvRecord(0, Collections.emptyList())),
                        prediction.version(),
                        prediction.outputs());
    }

    private static int rowCount(NamedValues outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.value(i) instanceof Tensor tensor && tensor.shape().rank() > 0) {
                return Math.toIntExact(tensor.shape().dimension(0));
            }
        }
        return 1;
    }
}
