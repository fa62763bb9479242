package dev.kitchen.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {

    private static final String JMH = """
            [{"benchmark": "dev.kitchen.benchmarks.PredictBenchmark.kitchen", "threads": 1, "params": {"model": "iris"},
              "primaryMetric": {"score": 1500.0, "scoreError": 30.0, "scoreUnit": "ns/op"},
              "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 520.0}}},
             {"benchmark": "dev.kitchen.benchmarks.PredictBenchmark.djl", "threads": 1, "params": {"model": "iris"},
              "primaryMetric": {"score": 6000.0, "scoreError": "NaN", "scoreUnit": "ns/op"},
              "secondaryMetrics": {}}]
            """;

    private static final String FLOOR = """
            {"model": "iris", "way": "Run", "nanos": [990.0, 1010.0, 1000.0]}
            """;

    @TempDir
    Path directory;

    @Test
    void writesATableWithRatiosAndAChartThatIsWellFormed() throws Exception {
        Path json = Files.writeString(directory.resolve("r.json"), JMH);
        Path floor = Files.writeString(directory.resolve("floor"), FLOOR);

        Report.main(new String[] {json.toString(), "a title", floor.toString()});

        assertThat(Files.readString(directory.resolve("r.md")))
                .contains("# a title")
                .contains("## Predict, iris, 1 caller")
                .contains("| C Run | 1,000 ± 182 | 990 | 0 | 1.50 ± 0.28 |  |")
                .contains("| kitchen | 1,500 ± 30.0 | ? | 520 |  |  |")
                .contains("| djl | 6,000 ± ? | ? |  | 0.25 ± NaN |  |");
        wellFormed(directory.resolve("r-predict-iris.svg"));
    }

    @Test
    void whereMoreIsBetterRatiosAreStillOfCosts() throws Exception {
        String throughput =
                JMH.replace("ns/op", "ops/s").replace("6000.0", "500.0").replace("PredictB", "CallersB");
        Path json = Files.writeString(directory.resolve("t.json"), throughput);

        Report.main(new String[] {json.toString(), "a title"});

        assertThat(Files.readString(directory.resolve("t.md"))).contains("| djl | 500 ± ? | ? |  | 0.33 ± NaN |  |");
        assertThat(Files.readString(directory.resolve("t-callers-iris.svg"))).contains("more is better");
    }

    @Test
    void memoryHasTablesOfItsOwn() throws Exception {
        Path json = Files.writeString(directory.resolve("m.json"), "[]");
        Path memory = Files.writeString(directory.resolve("memory"), """
                {"peer": "kitchen", "model": "mlp", "resident": 512000, "heap": 10240}
                {"peer": "kitchen", "model": "mlp", "resident": 512000, "heap": 10240}
                {"peer": "djl", "model": "mlp", "resident": 1024000, "heap": 20480}
                """);

        Report.main(new String[] {json.toString(), "a title", memory.toString()});

        assertThat(Files.readString(directory.resolve("m.md")))
                .contains("## MemoryUse, mlp")
                .contains("| kitchen | 510 ± 0.0 | 510 |  |  |  |")
                .contains("| djl | 1,020 ± ? | 1,020 |  | 0.50 ± NaN (0.50) |  |");
    }

    @Test
    void repeatedRunsOfTheFloorAreOneFigure() throws IOException {
        Path before = Files.writeString(directory.resolve("before"), FLOOR);
        Path after = Files.writeString(directory.resolve("after"), FLOOR);

        assertThat(Results.lines(before, after, directory.resolve("missing")))
                .singleElement()
                .satisfies(it -> assertThat(it.value()).isEqualTo(1000.0))
                .satisfies(it -> assertThat(it.peer()).isEqualTo("C Run"));
    }

    private static void wellFormed(Path svg) throws Exception {
        String text = Files.readString(svg);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
        assertThat(text).doesNotContain("NaN");
    }
}
