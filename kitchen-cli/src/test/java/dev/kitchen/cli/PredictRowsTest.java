package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class PredictRowsTest {

    private static final String HEADER = "sepalLength,sepalWidth,petalLength,petalWidth\n";

    @TempDir
    private Path directory;

    private Path sum;

    @BeforeEach
    void writeModel() throws IOException {
        sum = TestModels.sum(directory);
    }

    private Path csv(String content) throws IOException {
        return Files.writeString(directory.resolve("rows.csv"), content);
    }

    @Test
    void answersEachRowInItsOrder() throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", IRIS, csv(HEADER + "5.1,3.5,1.4,0.2\n6.7,3.1,5.8,2.3\n"));

        assertThat(run.code()).as(run.messages()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("probabilities[0],probabilities[1],probabilities[2]");
        assertThat(lines.get(1)).matches("0\\.9\\d+,.*");
        assertThat(lines.get(2)).matches(".*,0\\.9\\d+");
        assertThat(lines).hasSize(3);
        assertThat(run.messages()).isEmpty();
    }

    @Test
    void columnsGoWhereTheirNamesSay() throws IOException {
        CommandLineRun straight = CommandLineRun.of("predict", IRIS, csv(HEADER + "5.1,3.5,1.4,0.2\n"));
        CommandLineRun mixed = CommandLineRun.of(
                "predict", IRIS, csv("petal_width,SEPAL LENGTH,petal-length,id,sepalWidth\n0.2,5.1,1.4,7,3.5\n"));

        assertThat(mixed.out()).isEqualTo(straight.out());
        assertThat(mixed.messages()).contains("columns that the model does not take: [id]");
    }

    @Test
    void inputsOfTheirOwnAreColumnsToo() throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", sum, csv("b,a\n1,0.5\n\"2\",1e1\n"));

        assertThat(run.out()).isEqualTo("sum\n1.5\n12.0\n");
    }

    @Test
    void keepsColumnsBesideTheAnswer() throws IOException {
        CommandLineRun run =
                CommandLineRun.of("predict", sum, csv("id,a,b,note\n7,1,2,\"x, \"\"y\"\"\"\n"), "--keep", "note,id");

        assertThat(run.out()).isEqualTo("note,id,sum\n\"x, \"\"y\"\"\",7,3.0\n");
    }

    @Test
    void rowsAsJsonNameTheirLineAndVersion() throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", IRIS, csv(HEADER + "\n5.1,3.5,1.4,0.2\n"), "--json");

        JsonNode json = run.json();
        assertThat(json.get("line").asInt()).isEqualTo(3);
        assertThat(json.get("model_version").asString()).isEqualTo("1");
        assertThat(json.at("/outputs/probabilities")).hasSize(3);
    }

    @Test
    void aMatrixWithoutNamesTakesColumnsInTheirOrderAndSaysSo() throws IOException {
        Path identity = TestModels.identity(directory, DataType.FLOAT, "n", 2);

        CommandLineRun run = CommandLineRun.of("predict", identity, csv("u,v\n1,2\n"));

        assertThat(run.out()).isEqualTo("y[0],y[1]\n1.0,2.0\n");
        assertThat(run.messages()).contains("columns are taken in the file's order");
    }

    @Test
    void readsFilesWithoutAHeaderWithTabsAndFromStandardInput() throws IOException {
        Path tabs = Files.writeString(directory.resolve("rows.tsv"), "a\tb\n1\t2\n");

        assertThat(CommandLineRun.withInput("1,2\r\n3,4", "predict", sum, "-", "--from", "csv", "--no-header")
                        .out())
                .isEqualTo("sum\n3.0\n7.0\n");
        assertThat(CommandLineRun.of("predict", sum, tabs).out()).isEqualTo("sum\n3.0\n");
        assertThat(CommandLineRun.of("predict", sum, csv("a;b\n1;2\n"), "-d", ";")
                        .out())
                .isEqualTo("sum\n3.0\n");
    }

    @Test
    void answersAreTheSameHoweverManyRowsRunAtOnce() throws IOException {
        Path rows = csv(HEADER
                + IntStream.range(0, 100)
                        .mapToObj(it -> it / 10.0 + ",3.5,1.4," + it / 50.0 + "\n")
                        .collect(Collectors.joining()));

        String one = CommandLineRun.of("predict", IRIS, rows, "--batch", "1").out();

        assertThat(one).hasLineCount(101);
        assertThat(CommandLineRun.of("predict", IRIS, rows, "--batch", "7").out())
                .isEqualTo(one);
        assertThat(CommandLineRun.of("predict", IRIS, rows).out()).isEqualTo(one);
    }

    @Test
    void aModelForOneRowRunsRowByRow() throws IOException {
        Path identity = TestModels.identity(directory, DataType.DOUBLE, 1, 2);

        assertThat(CommandLineRun.of("predict", identity, csv("x[0],x[1]\n1,2\n3,4\n"))
                        .out())
                .isEqualTo("y[0],y[1]\n1.0,2.0\n3.0,4.0\n");
    }

    @Test
    void textsAndUnsignedNumbersArriveAsTheyAre() throws IOException {
        Path texts = TestModels.identity(directory, DataType.STRING, "n", 1);
        Path numbers = TestModels.identity(directory, DataType.UINT8, "n", 1);

        assertThat(CommandLineRun.of("predict", texts, csv("x\n\"a,b\"\nM\u00fcsli\n"))
                        .out())
                .isEqualTo("y\n\"a,b\"\nM\u00fcsli\n");
        assertThat(CommandLineRun.of("predict", numbers, csv("x\n255\n3.0\n")).out())
                .isEqualTo("y\n255\n3\n");
    }

    @Test
    void aBadCellNamesFileLineAndColumn() throws IOException {
        Path rows = csv("a,b\n1,2\n\n3,four\n5,6\n");

        CommandLineRun run = CommandLineRun.of("predict", sum, rows);

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).as("rows before it are answered").isEqualTo("sum\n3.0\n");
        assertThat(run.messages())
                .isEqualTo("kitchen: " + rows + ", line 4: column 'b' is 'four', expected a number\n");
    }

    @Test
    void badCellsAreRefusedEachInItsWords() throws IOException {
        assertThat(message("a,b\n1\n")).contains("line 2: has 1 columns, expected 2");
        assertThat(message("a,b\n1,2,3\n")).contains("line 2: has 3 columns, expected 2");
        assertThat(message("a,b\n1,\n")).contains("column 'b' is empty, expected a number");
        assertThat(message("a,b\n1,1e39\n")).contains("column 'b' is 1e39, which is out of the range of FLOAT");
        assertThat(message("a,b\n1,0x10\n")).contains("column 'b' is '0x10', expected a number");
        assertThat(message("a,b\n1,2f\n")).contains("column 'b' is '2f', expected a number");
        assertThat(message("a,b\n1,\"2\n")).contains("line 2: a quote is opened and never closed");
        assertThat(message("a,c\n1,2\n")).contains("line 1: header [a, c] has no column [b], expected [a, b]");
        assertThat(message("")).contains("rows.csv: is empty, expected a header and rows");
    }

    private String message(String content) throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", sum, csv(content));
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).isEmpty();
        return run.messages();
    }

    @Test
    void aRowThatTheModelFailsOnIsNamed() throws IOException {
        Path prices = TestModels.prices(directory);

        CommandLineRun run = CommandLineRun.of("predict", prices, csv("item\n0\n2\n9\n1\n"));

        assertThat(run.code()).isIn(1, 4);
        assertThat(run.out()).isEqualTo("price\n1.5\n3.5\n");
        assertThat(run.messages()).contains("rows.csv, line 4: ", "indices").doesNotContain("line 3");
    }

    @Test
    void badRowsCanBeLeftOut() throws IOException {
        Path prices = TestModels.prices(directory);
        Path rows = csv("id,item\na,0\nb,9\nc,x\nd,1\n");

        CommandLineRun run = CommandLineRun.of("predict", prices, rows, "--skip-bad-rows", "--keep", "id");

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).isEqualTo("id,price\na,1.5\nd,2.5\n");
        assertThat(run.messages()).contains("line 3: ", "line 4: column 'item' is 'x'", "2 rows are left out");
    }

    @Test
    void missingNumbersAreNanWhereAskedFor() throws IOException {
        assertThat(CommandLineRun.of("predict", sum, csv("a,b\n1,\n"), "--empty-as-nan")
                        .out())
                .isEqualTo("sum\nNaN\n");
        assertThat(CommandLineRun.of("predict", sum, csv("a,b\n1,nan\n"), "--json")
                        .out())
                .contains("{\"sum\":[null]}");
    }

    @Test
    void aFileOfAnswersAppearsOnlyWhenComplete() throws IOException {
        Path answers = directory.resolve("answers.csv");

        CommandLineRun failed = CommandLineRun.of("predict", sum, csv("a,b\n1,2\nx,1\n"), "-o", answers);
        assertThat(failed.code()).isEqualTo(4);
        assertThat(answers).doesNotExist();

        CommandLineRun run = CommandLineRun.of("predict", sum, csv("a,b\n1,2\n"), "-o", answers);
        assertThat(run.out()).isEmpty();
        assertThat(answers).hasContent("sum\n3.0");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).noneMatch(it -> it.toString().endsWith(".part"));
        }
    }

    @Test
    void whatIsNotThereEndsWith3() throws IOException {
        assertThat(CommandLineRun.of("predict", sum, directory.resolve("none.csv")))
                .matches(it -> it.code() == 3 && it.messages().contains("none.csv: no such file"));
        assertThat(CommandLineRun.of("predict", directory.resolve("none.onnx"), csv("a\n")))
                .matches(it -> it.code() == 3 && it.messages().contains("none.onnx: no such file or directory"));
        assertThat(CommandLineRun.of("predict", sum, csv("a,b\n1,2\n"), "-e", "fraud"))
                .matches(it -> it.code() == 3 && it.messages().contains("no endpoint 'fraud', expected one of [sum]"));
    }

    @Test
    void wrongArgumentsEndWith2() throws IOException {
        Path rows = csv("a,b\n1,2\n");
        TestModels.prices(directory);

        assertThat(CommandLineRun.of("predict", sum).code()).isEqualTo(2);
        assertThat(CommandLineRun.of("predict", sum, rows, "--batch", "0").code())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("predict", sum, rows, "--to", "xml").code())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("predict", sum, rows, "--time-limit", "soon")
                        .messages())
                .contains("'soon' is no duration, expected 200ms, 10s or 2m");
        assertThat(CommandLineRun.of("predict", sum, "-").messages())
                .contains("its name does not say what it is, expected --from");
        assertThat(CommandLineRun.of("predict", directory, rows).messages())
                .contains("has the models [prices, sum], expected --endpoint to name one");
    }

    @Test
    void oneModelOfADirectoryIsChosenByName() throws IOException {
        TestModels.prices(directory);

        assertThat(CommandLineRun.of("predict", directory, csv("a,b\n1,2\n"), "--endpoint", "sum")
                        .out())
                .isEqualTo("sum\n3.0\n");
    }

    @Test
    void progressIsTheOnlyThingThatSpeaksUnasked() throws IOException {
        Path rows = csv("a,b\n1,2\n");

        assertThat(CommandLineRun.of("predict", sum, rows).messages()).isEmpty();
        assertThat(CommandLineRun.of("predict", sum, rows, "--progress", "always")
                        .messages())
                .matches("1 rows in .*\n");
        assertThat(CommandLineRun.inFrontOfAPerson("predict", sum, rows, "--progress", "never")
                        .messages())
                .isEmpty();
    }

    @Test
    void everyLineOfJsonIsWhole() throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", sum, csv("a,b\n1,2\n3,4\n"), "--to", "json");

        assertThat(run.out().lines())
                .hasSize(2)
                .allSatisfy(it -> assertThat(new ObjectMapper().readTree(it).has("outputs"))
                        .isTrue());
    }
}
