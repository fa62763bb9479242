package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.BoundCall;
import dev.kitchen.BoundCalls;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/bound-calls.md. */
class BoundCallsTest {

    @Test
    void runsInTheSameMemory() {
        float[] row = {5.1f, 3.5f, 1.4f, 0.2f};
        float setosa;
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            // snippet: bound-call
            try (BoundCall call = kitchen.endpoint("iris").bind()) {
                FloatBuffer input = call.input("input").asFloatBuffer(); // direct memory: keep the view
                FloatBuffer output = call.output("probabilities").asFloatBuffer();

                input.put(0, row);
                call.run(); // allocates nothing on JDK 22 and newer
                setosa = output.get(0);
            }
            // end
            assertThat(setosa).isBetween(0.9f, 1f);
        }
    }

    @Test
    void sharesBoundCallsAmongThreads() {
        float[] row = {5.1f, 3.5f, 1.4f, 0.2f};
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            // snippet: bound-calls
            try (BoundCalls calls = endpoint.bindings(8)) {
                float setosa = calls.use(call -> {
                    call.input("input").asFloatBuffer().put(0, row);
                    call.run();
                    return call.output("probabilities").getFloat(0);
                });
                System.out.println(setosa);
            }
            // end
        }
    }
}
