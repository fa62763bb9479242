package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/guards.md. */
class GuardsTest {

    @Test
    void aFallbackAnswersWhileTheCircuitBreakerIsOpen() {
        Tensor flower = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});
        // snippet: guards-configure
        Tensor unknown = Tensor.ofRows(new float[][] {{1 / 3f, 1 / 3f, 1 / 3f}});
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .endpoint(
                        "iris",
                        EndpointOptions.builder()
                                .timeLimit(Duration.ofSeconds(2))
                                .circuitBreaker(CircuitBreakerConfig.afterFailures(5))
                                .admission(AdmissionConfig.builder()
                                        .maxConcurrentRuns(8)
                                        .maxQueued(100)
                                        .build())
                                .retry(RetryPolicy.attempts(3))
                                .fallback(Fallback.toVersion("champion")
                                        .orElse(request -> Map.of("probabilities", unknown)))
                                .build())
                .open();
        // end
        try (kitchen) {
            Endpoint endpoint = kitchen.endpoint("iris");

            // snippet: guards-breaker
            CircuitBreaker breaker = endpoint.circuitBreaker().orElseThrow(); // of the version that answers now
            CircuitBreaker.Status status = breaker.status();
            System.out.println(status.state() + ", " + status.failures() + " of " + status.calls() + " calls failed");

            breaker.forceOpen(); // refuses all calls until forceClosed() or reset()
            // end
            assertThat(status.state()).isEqualTo(BreakerState.CLOSED);

            // snippet: guards-fallback
            Prediction prediction = endpoint.predict("input", flower);
            System.out.println(prediction.source()); // FALLBACK
            System.out.println(prediction.version()); // the version that stood in, or "fallback" for the function
            System.out.println(prediction.reason().orElse("")); // the failure that it stood in for
            // end
            assertThat(prediction.source()).isEqualTo(Prediction.Source.FALLBACK);
            assertThat(prediction.version()).isEqualTo("fallback");
            assertThat(prediction.tensor("probabilities")).isEqualTo(unknown);
        }
    }

    @Test
    void endpointsInheritWhatTheyDoNotSet() {
        // snippet: guards-inherit
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder()
                                .timeLimit(Duration.ofSeconds(2))
                                .build())
                .endpoint(
                        "iris",
                        EndpointOptions.builder()
                                .admission(AdmissionConfig.unlimited())
                                .circuitBreaker(CircuitBreakerConfig.none())
                                .build())
                .open();
        // end
        try (kitchen) {
            assertThat(kitchen.endpoint("iris").circuitBreaker()).isEmpty();
        }
    }
}
