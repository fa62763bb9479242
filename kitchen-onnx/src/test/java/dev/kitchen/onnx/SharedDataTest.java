package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real models from real projects give the answers published for them. */
class SharedDataTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(SharedDataTest.class);

    /** What their README says of them: they may load, and ONNX Runtime decides. */
    private static final Set<String> MAY_LOAD = Set.of("bert_tokenizer_contrib.onnx", "invalid_ort_config_json.onnx");

    @Test
    void everyCaseGetsItsExpectedAnswer() throws IOException {
        List<SharedCases.Case> cases = SharedCases.all();
        List<String> failures = new ArrayList<>();
        for (SharedCases.Case one : cases) {
            try (Kitchen kitchen =
                    Kitchen.builder().models(one.model()).shutdownHook(false).open()) {
                Endpoint endpoint =
                        kitchen.endpoint(kitchen.endpointNames().iterator().next());
                Map<String, Value> outputs =
                        endpoint.predict(one.inputs()).outputs().toMap();
                one.differences(outputs).forEach(it -> failures.add(one.id() + ": " + it));
            }
        }

        LOGGER.warn("shared data: {} cases of real models answered, {} differences", cases.size(), failures.size());
        assertThat(cases).isNotEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void everyBadFileEndsInATypedError() throws IOException {
        int refused = 0;
        try (Stream<Path> files = Files.list(SharedCases.directory("onnx-bad"))) {
            for (Path file :
                    files.filter(it -> it.toString().endsWith(".onnx")).sorted().toList()) {
                if (MAY_LOAD.contains(file.getFileName().toString())) {
                    loadsOrRefuses(file);
                } else {
                    assertThatThrownBy(() -> Kitchen.open(file).close())
                            .isInstanceOf(ModelLoadException.class)
                            .hasMessageContaining(file.getFileName().toString());
                    refused++;
                }
            }
        }
        LOGGER.warn("shared data: {} bad files refused with a typed error", refused);
        assertThat(refused).isPositive();
    }

    private static void loadsOrRefuses(Path file) {
        try (Kitchen kitchen = Kitchen.open(file)) {
            assertThat(kitchen.endpointNames()).hasSize(1);
        } catch (ModelLoadException e) {
            assertThat(e).hasMessageContaining(file.getFileName().toString());
        }
    }

    /** Both APIs give the same answers, bit by bit. */
    @Test
    void everyCaseGetsTheSameAnswerByEveryApi() throws IOException {
        assumeTrue(Runtime.version().feature() >= 22, "only the Java API is used before JDK 22");
        int compared = 0;
        for (SharedCases.Case one : SharedCases.all()) {
            assertThat(answer(one, Api.C)).as(one.id()).isEqualTo(answer(one, Api.JAVA));
            compared++;
        }
        LOGGER.warn("shared data: {} cases answered alike by both APIs", compared);
    }

    private static NamedValues answer(SharedCases.Case one, Api api) {
        OnnxBackend backend = new OnnxBackend(OnnxOptions.builder().api(api).build());
        try (Kitchen kitchen = Kitchen.builder()
                .models(one.model())
                .backend(backend)
                .shutdownHook(false)
                .open()) {
            return kitchen.endpoint(kitchen.endpointNames().iterator().next())
                    .predict(one.inputs())
                    .outputs();
        }
    }

    /** A recurrent model over a minute of speech: the state that comes out goes into the next call. */
    @Test
    void aRecurrentModelFollowsARecordingChunkByChunk() throws IOException {
        Path directory = SharedCases.directory("onnx").resolve("silero-vad");
        JsonNode trace = new JsonMapper().readTree(directory.resolve("silero_sequence.json"));
        float[] samples = samples(directory.resolve("test.wav"));
        int chunk = trace.get("chunk").asInt();
        int context = trace.get("context").asInt();
        Tensor rate = Tensor.of(new long[] {trace.get("sample_rate").asLong()});
        Tensor state = Tensor.of(new float[2 * 128], 2, 1, 128);
        float[] window = new float[context + chunk];
        List<JsonNode> expected = trace.get("probabilities").valueStream().toList();

        try (Kitchen kitchen = Kitchen.open(directory.resolve("silero_vad.onnx"))) {
            Endpoint endpoint = kitchen.endpoint("silero_vad");
            for (int i = 0; i < expected.size(); i++) {
                System.arraycopy(window, chunk, window, 0, context);
                System.arraycopy(samples, i * chunk, window, context, chunk);
                var outputs = endpoint.predict(
                        Map.of("input", Tensor.of(window, 1, window.length), "state", state, "sr", rate));
                state = outputs.tensor("stateN");
                assertThat(outputs.tensor("output").floatAt(0))
                        .as("chunk %d", i)
                        .isCloseTo((float) expected.get(i).asDouble(), org.assertj.core.data.Offset.offset(1e-3f));
            }
        }
        LOGGER.warn("shared data: {} chunks of speech followed", expected.size());
    }

    /** 16-bit mono samples after the 44 bytes of a plain WAV header. */
    private static float[] samples(Path wav) throws IOException {
        byte[] bytes = Files.readAllBytes(wav);
        var shorts = java.nio.ByteBuffer.wrap(bytes, 44, bytes.length - 44)
                .slice()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        float[] samples = new float[shorts.remaining()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = shorts.get(i) / 32768f;
        }
        return samples;
    }
}
