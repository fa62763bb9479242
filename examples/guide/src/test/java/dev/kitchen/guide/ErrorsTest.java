package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/troubleshooting.md. */
class ErrorsTest {

    private static final Tensor FLOWER = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});

    // snippet: errors-status
    static int httpStatus(KitchenException failure) {
        if (failure instanceof InvalidRequestException) {
            return 400;
        }
        if (failure instanceof ModelNotFoundException) {
            return 404;
        }
        if (failure instanceof NotReadyException || failure instanceof RejectedException) {
            return 503;
        }
        return failure instanceof DeadlineExceededException ? 504 : 500;
    }
    // end

    @Test
    void tellsKindsOfFailuresApart() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");

            assertThatThrownBy(() -> endpoint.predict("output", FLOWER))
                    .isInstanceOfSatisfying(
                            KitchenException.class,
                            failure -> assertThat(httpStatus(failure)).isEqualTo(400));
            assertThat(predictTwiceAtMost(endpoint).version()).isEqualTo("1");
        }
    }

    static Prediction predictTwiceAtMost(Endpoint endpoint) {
        // snippet: errors-retryable
        try {
            return endpoint.predict("input", FLOWER);
        } catch (KitchenException e) {
            if (e.retryable()) {
                return endpoint.predict("input", FLOWER);
            }
            throw e;
        }
        // end
    }

    @Test
    void printsTextOfUnknownOrigin() {
        String unit = "km\nh";
        List<String> units = List.of("m", "km");
        // snippet: errors-message
        InvalidRequestException failure = new InvalidRequestException(
                "unknown unit '" + MessageText.of(unit) + "', expected one of " + MessageText.of(units));
        // end
        assertThat(failure).hasMessage("unknown unit 'km\\nh', expected one of [m, km]");
    }
}
