package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.Labels;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.BulkResult;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TypedEndpointTest {

    private record Pair(float left, float right) {}

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private TypedEndpoint<Pair, float[]> echo;

    @BeforeEach
    void open() throws IOException {
        FakeBackend.writeModel(directory, "fraud", "blue");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .listener(listener)
                .open();
        echo = kitchen.endpoint("fraud").typed(Features.of(Pair.class).inDeclarationOrder(), Scores.of("echo"));
    }

    @AfterEach
    void close() {
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
    }

    @Test
    void saysWhereAnAnswerComesFrom() {
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(3)));

        TypedPrediction<float[]> prediction = echo.predictWithDetails(new Pair(1, 2));

        assertThat(prediction.value()).containsExactly(1, 2);
        assertThat(prediction.version()).isEqualTo("1");
        assertThat(prediction.duration()).isEqualTo(Duration.ofMillis(3));
        assertThat(prediction.prediction().outputs().names()).containsExactly("echo");
    }

    @Test
    void keepsTheCallersOptionsButForTheOutputs() {
        CallOptions options = CallOptions.builder()
                .requestId("r-7")
                .timeLimit(Duration.ofMillis(1))
                .build();

        assertThat(echo.predict(new Pair(1, 2), options)).containsExactly(1, 2);
        assertThat(listener.predictions().get(0).requestId()).contains("r-7");
        assertThatThrownBy(() -> echo.predict(new Pair(1, 2), CallOptions.requestedOutputs("sum")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("requested outputs are [sum], expected none")
                .hasMessageContaining("[echo]");
    }

    private record Moody(float left, float right) {

        @Override
        @SuppressWarnings("unused") // read as a record
        public float right() {
            if (right < 0) {
                throw new IllegalStateException("not today");
            }
            return right;
        }
    }

    @Test
    void anItemWhoseAccessorThrowsFailsAloneAmongMany() {
        TypedEndpoint<Moody, float[]> moody =
                kitchen.endpoint("fraud").typed(Features.of(Moody.class).inDeclarationOrder(), Scores.of("echo"));

        List<BulkResult<float[]>> results = moody.predictAll(
                        IntStream.range(0, 100).mapToObj(it -> new Moody(it, it == 50 ? -1 : it)))
                .toList();

        assertThat(results).hasSize(100);
        for (BulkResult<float[]> result : results) {
            if (result.index() == 50) {
                assertThat(result.failure().orElseThrow()).hasMessageContaining("not today");
            } else {
                float number = (float) result.index();
                assertThat(result.answer()).containsExactly(number, number);
            }
        }
    }

    @Test
    void answersManyItemsInOneRunInTheirOrder() {
        List<Pair> items =
                IntStream.range(0, 1000).mapToObj(it -> new Pair(it, -it)).toList();

        List<float[]> answers = echo.predictAll(items);

        assertThat(backend.runs()).isEqualTo(1);
        assertThat(answers).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(answers.get(i)).containsExactly(i, -i);
        }
        assertThat(echo.predictAll(List.of())).isEmpty();
        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void answersManyItemsOneByOneWhereTheOutputHasOneRow() {
        TypedEndpoint<Pair, String> tag = kitchen.endpoint("fraud")
                .typed(
                        Features.of(Pair.class).inDeclarationOrder(),
                        Labels.of("red", "blue").from("tag"));

        assertThat(tag.predictAll(List.of(new Pair(1, 2), new Pair(3, 4), new Pair(5, 6))))
                .containsExactly("blue", "blue", "blue");
        assertThat(backend.runs()).isEqualTo(3);
    }

    @Test
    void namesTheItemThatIsMissing() {
        List<Pair> items = new ArrayList<>(List.of(new Pair(1, 2)));
        items.add(null);

        assertThatThrownBy(() -> echo.predictAll(items))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("item 1 is null, expected a Pair");
        assertThat(backend.runs()).isZero();
    }

    @Test
    void givesEachOfManyThreadsItsOwnAnswers() throws InterruptedException {
        Callers.run(8, caller -> {
            for (int i = 0; i < 2000; i++) {
                Pair pair = new Pair(caller, i);
                assertThat(echo.predict(pair)).containsExactly(caller, i);
                if (i % 50 == 0) {
                    assertThat(echo.predictAll(List.of(pair, new Pair(i, caller))))
                            .containsExactly(new float[] {caller, i}, new float[] {i, caller});
                    assertThat(echo.predictAsync(pair).join()).containsExactly(caller, i);
                }
            }
        });
    }

    @Test
    void asynchronousCallsFailWithTheErrorItself() {
        backend.fail(() -> new InferenceException("node 7 overflowed"));

        CompletableFuture<float[]> answer = echo.predictAsync(new Pair(1, 2));

        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("node 7 overflowed");
        assertThat(answer.handle((value, failure) -> failure).join()).isInstanceOf(InferenceException.class);
    }

    @Test
    void cancellingTheFutureStopsTheRun() throws InterruptedException {
        backend.block();
        CompletableFuture<float[]> answer = echo.predictAsync(new Pair(1, 2));
        backend.awaitRunning(1);

        answer.cancel(true);

        backend.awaitRunning(0);
        assertThat(answer).isCancelled();
    }

    @Test
    void findsOutAgainWhatGoesWhereWhenAnotherVersionServes() throws IOException {
        ScriptedModel model = new ScriptedModel(
                List.of(tensor("left", DataType.FLOAT, -1, 1), tensor("right", DataType.FLOAT, -1, 1)),
                List.of(tensor("y", DataType.FLOAT, -1, 1)),
                it -> Map.of("y", it.value("left")));
        try (Kitchen scripted = model.open(directory)) {
            TypedEndpoint<Pair, float[]> typed = scripted.endpoint("m").typed(Pair.class, Scores.of("y"));
            ModelSignature first = model.signature();
            assertThat(typed.predict(new Pair(1, 2))).containsExactly(1);

            model.become(ModelSignature.of(List.of(tensor("left", DataType.FLOAT, -1, 1)), first.outputs()));
            assertThatThrownBy(() -> typed.predict(new Pair(1, 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("component 'right' has no place, the model has [left]");

            model.become(ModelSignature.of(
                    List.of(tensor("RIGHT", DataType.FLOAT, -1), tensor("LEFT", DataType.FLOAT, -1)), first.outputs()));
            assertThat(typed.describe()).contains("in   left (float) -> LEFT FLOAT [-1]");

            model.become(first);
            assertThat(typed.predict(new Pair(3, 4))).containsExactly(3);
            assertThat(model.asked().get(1).value("right")).isEqualTo(Tensor.of(new float[] {4}, 1, 1));
        }
    }
}
