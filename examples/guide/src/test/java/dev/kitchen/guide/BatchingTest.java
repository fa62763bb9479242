package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.BulkResult;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/batching.md. */
class BatchingTest {

    @Test
    void batchesWhatHasIndependentRows() {
        // snippet: batching-configure
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .endpoint(
                        "iris",
                        EndpointOptions.builder()
                                .batching(BatchingConfig.defaults())
                                .build())
                .open();
        // end
        try (kitchen) {
            // snippet: batching-refusal
            kitchen.endpoint("iris")
                    .batchingRefusal()
                    .ifPresent(reason -> System.out.println("iris is not batched: " + reason));
            // end
            assertThat(kitchen.endpoint("iris").batchingRefusal()).isEmpty();
        }
    }

    @Test
    void configuresADelay() {
        // snippet: batching-delay
        BatchingConfig delayed = BatchingConfig.builder()
                .delay(Duration.ofMillis(2)) // a call waits for others, until the batch is full or this time is over
                .aloneBelow(Duration.ZERO) // also where the model takes less than 100 µs
                .maxItems(64)
                .build();
        // end
        assertThat(delayed.maxItems()).isEqualTo(64);
    }

    @Test
    void answersManyRequests() {
        List<Long> failed = new ArrayList<>();
        List<Tensor> answers = new ArrayList<>();
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            // snippet: batching-bulk
            Stream<PredictionRequest> requests = IntStream.range(0, 1_000)
                    .mapToObj(i -> Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, i / 1_000f}}))
                    .map(flower -> PredictionRequest.of(Map.of("input", flower)));

            try (Stream<BulkResult<Prediction>> results = endpoint.predictAll(requests)) {
                results.forEach(result -> {
                    if (result.failure().isPresent()) {
                        failed.add(result.index());
                    } else {
                        answers.add(result.answer().tensor("probabilities"));
                    }
                });
            }
            // end
        }
        assertThat(failed).isEmpty();
        assertThat(answers).hasSize(1_000);
    }
}
