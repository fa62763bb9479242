package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/ownership-and-threads.md. */
class OwnershipTest {

    @Test
    void copiesBorrowedMemoryBeforeAnAsynchronousCallReturns() {
        ByteBuffer memory = ByteBuffer.allocateDirect(4 * Float.BYTES).order(ByteOrder.nativeOrder());
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            // snippet: ownership-borrow
            Tensor borrowed = Tensor.borrow(DataType.FLOAT, memory, 1, 4);

            Prediction now = endpoint.predict("input", borrowed);
            memory.putFloat(0, 5.1f); // allowed: predict has returned

            CompletableFuture<Prediction> later = endpoint.predictAsync("input", borrowed);
            memory.putFloat(0, 6.7f); // allowed: predictAsync has copied the memory before it returned
            // end
            assertThat(now.outputs()).isNotEqualTo(later.join().outputs());
        }
    }

    @Test
    void stopsARunWhoseFutureIsCancelled() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            Tensor flower = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});
            // snippet: ownership-cancel
            CallOptions options = CallOptions.builder()
                    .timeLimit(Duration.ofSeconds(2)) // waiting for a thread counts, too
                    .requestId("order-4711") // for logs and events
                    .build();
            CompletableFuture<Prediction> future = endpoint.predictAsync("input", flower, options);
            future.cancel(true); // stops the run
            // end
            assertThat(future.isDone()).isTrue();
        }
    }
}
