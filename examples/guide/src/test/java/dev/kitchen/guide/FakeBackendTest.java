package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InferenceException;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippet on tests of applications of docs/guide/plug-ins.md. */
class FakeBackendTest {

    @TempDir
    Path models;

    @Test
    void standsInForAModel() throws IOException {
        // snippet: plug-ins-fake
        FakeBackend backend = new FakeBackend();
        FakeBackend.writeModel(models, "fraud", "any text");
        try (Kitchen kitchen = Kitchen.builder().models(models).backend(backend).open()) {
            Endpoint fraud = kitchen.endpoint("fraud");
            Tensor row = Tensor.ofRows(new float[][] {{1, 2}});

            backend.fail(() -> new InferenceException("out of memory"));
            assertThatThrownBy(() -> fraud.predict("x", row)).isInstanceOf(InferenceException.class);

            backend.recover();
            assertThat(fraud.predict("x", row).tensor("sum").toDoubleArray()).containsExactly(3);
            assertThat(backend.runs()).isEqualTo(2);
        }
        // end
    }
}
