package dev.kitchen.json;

import dev.kitchen.tensor.NamedValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of the Open Inference Protocol.
 *
 * @param id the caller's, to be sent back as it is
 * @param parameters whatever the caller adds; values are String, Long, Double or Boolean
 * @param outputs what the caller asks for; empty for all outputs
 */
public record InferenceRequest(
        Optional<String> id, Map<String, Object> parameters, NamedValues inputs, List<RequestedOutput> outputs) {

    public InferenceRequest {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        outputs = List.copyOf(outputs);
    }

    /**
     * An output that the caller asks for.
     *
     * @param parameters as those of the request
     */
    public record RequestedOutput(String name, Map<String, Object> parameters) {

        public RequestedOutput {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /** The names of the outputs that the caller asks for. */
    public List<String> outputNames() {
        return outputs.stream().map(RequestedOutput::name).toList();
    }
}
