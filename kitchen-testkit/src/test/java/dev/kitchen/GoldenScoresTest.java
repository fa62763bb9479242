package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bundles whose models answer with scores as maps, through the front door. */
class GoldenScoresTest {

    @TempDir
    Path registry;

    @TempDir
    Path bundle;

    private Kitchen kitchen;

    @AfterEach
    void close() {
        kitchen.close();
    }

    private void open(DataType keys, Map<?, ?> scores) {
        MapValue row = MapValue.of(keys, DataType.FLOAT, scores);
        ScriptedModel model = new ScriptedModel(
                List.of(tensor("x", DataType.FLOAT, -1, 1)),
                List.of(new SequenceSpec("p", new MapSpec("", keys, DataType.FLOAT))),
                it -> Map.of("p", rows(row, it.tensor("x").shape().dimension(0))));
        kitchen = Kitchen.builder()
                .models(registry)
                .backend(model)
                .watch(Duration.ZERO)
                .open();
    }

    private static SequenceValue rows(MapValue row, long count) {
        return new SequenceValue(
                LongStream.range(0, count).<Value>mapToObj(it -> row).toList());
    }

    private Status deploy(String scores) throws IOException {
        Files.writeString(bundle.resolve("m.scripted"), "");
        Files.writeString(bundle.resolve("kitchen.json"), """
                {"golden": [{"name": "one", "rtol": 0, "atol": 0.001,
                             "inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 1], "data": [1]}],
                             "outputs": [{"name": "p", "data": %s}]}],
                 "warm_up": {"batch_sizes": [3]}}
                """.formatted(scores));
        return kitchen.registry().deploy(DeployRequest.of("m", bundle).build()).status();
    }

    @Test
    void scoresWithinTheToleranceProveAVersionInBatchesToo() throws IOException {
        open(DataType.STRING, Map.of("setosa", 0.9f, "virginica", 0.1f));

        assertThat(deploy("[{\"virginica\": 0.1005, \"setosa\": 0.8995}]")).isEqualTo(Status.ACTIVE);
    }

    @Test
    void labelsThatAreNumbersAreWrittenAsTexts() throws IOException {
        open(DataType.INT64, Map.of(0L, 0.9f, 10L, Float.NaN));

        assertThat(deploy("[{\"0\": 0.9, \"10\": NaN}]")).isEqualTo(Status.ACTIVE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'0': 0.88, '1': 0.1}] | row 0: '0' is 0.9, expected 0.88 ± 0.001",
                "[{'0': NaN, '1': 0.1}] | row 0: '0' is 0.9, expected NaN",
                "[{'0': 0.9, '2': 0.1}] | row 0 has no label '2', expected 0.1",
                "[{'0': 0.9}] | row 0 has the label '1', expected it not to be there",
                "[] | has 1 rows, expected 0",
                "[{'0': 0.9, '1': 0.1}, {}] | has 1 rows, expected 2"
            })
    void otherScoresRejectIt(String scores, String message) {
        open(DataType.INT64, Map.of(0L, 0.9f, 1L, 0.1f));

        assertThatThrownBy(() -> deploy(scores.replace('\'', '"')))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("golden case 'one': output 'p' " + message);
        assertThat(kitchen.endpointNames()).isEmpty();
    }

    @Test
    void textsByLabelAreNoScores() {
        open(DataType.INT64, Map.of());
        Value texts = new SequenceValue(List.of(MapValue.of(DataType.STRING, DataType.STRING, Map.of("a", "b"))));

        assertThatThrownBy(() -> GoldenCase.of(
                        "one", NamedValues.of("x", Tensor.of(new float[] {1})), NamedValues.of("p", texts)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected a Tensor or a sequence of maps of numbers");
    }
}
