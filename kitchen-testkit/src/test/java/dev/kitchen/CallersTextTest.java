package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers send can neither write lines into a log nor make it long, at whichever door it comes in. */
class CallersTextTest {

    private static final String EVIL = "x\n2026-01-01 ERROR admin logged in\u001b[2J\u202e\u2028";

    @TempDir
    Path directory;

    @Test
    void noTextOfACallerForgesOrFloodsALog() throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        FakeBackend.writeModel(directory, "secret", "tag");

        List<KitchenException> thrown = new ArrayList<>();
        List<KitchenException> told = new ArrayList<>();
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(new FakeBackend())
                .shutdownHook(false)
                .open()) {
            for (String text : List.of(EVIL, "n".repeat(1_000), "\n".repeat(1_000), "n".repeat(20_000_000))) {
                doors(kitchen, text).forEach(it -> thrown.add(catchThrowableOfType(KitchenException.class, it::run)));
                operations(kitchen, text)
                        .forEach(it -> told.add(catchThrowableOfType(KitchenException.class, it::run)));
            }
        }

        assertThat(thrown)
                .doesNotContainNull()
                .allSatisfy(it -> assertThat(it.getMessage()).doesNotContain("secret", directory.toString()));
        thrown.addAll(told);
        assertThat(thrown).doesNotContainNull().allSatisfy(it -> {
            assertThat(it.getMessage()).hasSizeLessThan(600);
            assertThat(it.getMessage().chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x202e || c == 0x2028);
        });
    }

    private static List<Runnable> doors(Kitchen kitchen, String text) {
        Endpoint endpoint = kitchen.endpoint("m");
        Tensor x = Models.x(1);
        List<String> many = IntStream.range(0, 500)
                .mapToObj(it -> it + text.substring(0, 20))
                .toList();
        return List.of(
                () -> kitchen.endpoint(text),
                () -> endpoint.predict(text, x),
                () -> endpoint.predict(Map.of("x", x, text, x)),
                () -> joined(endpoint.predictAsync(Map.of("x", x, text, x))),
                () -> endpoint.predict("x", Tensor.ofStrings(new String[] {text}, 1)),
                () -> endpoint.predict("x", x, CallOptions.requestedOutputs(text)),
                () -> endpoint.predict("x", x, CallOptions.requestedOutputs(many.toArray(String[]::new))),
                () -> CallOptions.requestedOutputs(text, text),
                () -> endpoint.predict("x", x, CallOptions.version(text)),
                () -> CallOptions.builder().requestId(text),
                () -> endpoint.bind(Map.of(text, Shape.of(1))),
                () -> endpoint.predictAll(List.of(PredictionRequest.of(Map.of(text, x))))
                        .forEach(it -> it.answer()),
                () -> endpoint.predict("x", x).outputs().value(text),
                () -> NamedValues.of("x", MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 1f)))
                        .tensor(text),
                () -> MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 1f))
                        .doubleValue(text));
    }

    /** Operations of the registry, which tell those who run it what is there. */
    private static List<Runnable> operations(Kitchen kitchen, String text) {
        return List.of(
                () -> kitchen.registry().describe(text),
                () -> kitchen.registry().activate("m", text),
                () -> kitchen.registry().alias("m", text, "1"),
                () -> kitchen.registry().alias("m", "champion", text));
    }

    /** Throws what the future fails with. */
    private static void joined(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            throw (KitchenException) e.getCause();
        }
    }
}
