package dev.kitchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/** The small parts that hold a promise of their own. */
class PartsTest {

    private static List<CsvRecord> read(byte[] csv) throws IOException {
        CsvReader reader = new CsvReader(new ByteArrayInputStream(csv), "rows", ',');
        List<CsvRecord> records = new ArrayList<>();
        for (Optional<CsvRecord> next = reader.read(); next.isPresent(); next = reader.read()) {
            records.add(next.get());
        }
        return records;
    }

    private static List<CsvRecord> read(String csv) throws IOException {
        return read(csv.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void csvIsReadAsTheStandardHasIt() throws IOException {
        assertThat(read("\ufeffa,b\r\n1,\"x\ny\"\r\r\n\"q\"\"\",\n,"))
                .containsExactly(
                        new CsvRecord(1, List.of("a", "b")),
                        new CsvRecord(2, List.of("1", "x\ny")),
                        new CsvRecord(5, List.of("q\"", "")),
                        new CsvRecord(6, List.of("", "")));
    }

    @Test
    void whatIsNotCsvIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("a\n\"b\"c\n"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("rows, line 2: a quoted cell is followed by 'c'");
        assertThatThrownBy(() -> read(new byte[] {'a', '\n', (byte) 0xff, '\n'}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is not UTF-8");
        assertThatThrownBy(() -> read("a\n\"" + "x\n".repeat(9 << 20)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("line 2: a row has more than 16777216 characters");
    }

    @Test
    void whatIsWrittenAsCsvIsReadBack() throws IOException {
        Random random = new Random(1);
        String alphabet = "a,\"\n\r ;\u00fc";
        for (int i = 0; i < 1_000; i++) {
            List<String> cells = new ArrayList<>();
            for (int cell = 0; cell <= random.nextInt(4); cell++) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(6); k > 0; k--) {
                    text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                cells.add(text.toString());
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new CsvWriter(out, ',').write(cells);

            assertThat(read(out.toByteArray())).extracting(CsvRecord::cells).containsExactly(cells);
        }
    }

    private static Tensor cell(DataType type, String text) {
        CellBuffer buffer = new CellBuffer(type, 1, false);
        buffer.add("cell", text);
        return buffer.toTensor(Shape.of(1));
    }

    @Test
    void cellsBecomeTheNumberTheyName() {
        assertThat(cell(DataType.FLOAT, "0.1").floatAt(0)).isEqualTo(0.1f);
        assertThat(cell(DataType.FLOAT, "-Inf").floatAt(0)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(cell(DataType.FLOAT16, "0.1").floatAt(0)).isEqualTo(0.099975586f);
        assertThat(cell(DataType.INT64, "-9223372036854775808").longAt(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(cell(DataType.UINT64, "18446744073709551615").bytes().getLong(0))
                .isEqualTo(-1);
        assertThat(cell(DataType.INT32, "1e3").longAt(0)).isEqualTo(1000);
        assertThat(cell(DataType.BOOL, "True").toBooleanArray()).containsExactly(true);
        // Halfway between two floats: by way of a double it would be rounded twice, and down.
        assertThat(cell(DataType.FLOAT, "1.00000005960464477540").floatAt(0))
                .isEqualTo(Float.parseFloat("1.00000005960464477540"));
    }

    @Test
    void cellsThatDoNotFitAreRefused() {
        Map<DataType, List<String>> bad = new LinkedHashMap<>();
        bad.put(DataType.INT8, List.of("128", "-129", "1.5", "1e999999", "x", "", "NaN"));
        bad.put(DataType.UINT8, List.of("256", "-1"));
        bad.put(DataType.UINT64, List.of("18446744073709551616", "-1", "1e30"));
        bad.put(DataType.FLOAT16, List.of("65505"));
        bad.put(DataType.DOUBLE, List.of("1e309", "1d", "0x1p3", "1,5", "--1"));
        bad.put(DataType.BOOL, List.of("yes", "2"));

        bad.forEach((type, texts) -> texts.forEach(it -> assertThatThrownBy(() -> cell(type, it))
                .as(type + " " + it)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("cell is ")));
    }

    @Test
    void percentilesAreOffByLessThanTheirBuckets() {
        Random random = new Random(1);
        Latencies latencies = new Latencies();
        long[] exact = new long[10_000];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = (long) Math.exp(random.nextDouble() * 20);
            latencies.record(exact[i]);
        }
        Arrays.sort(exact);

        for (double part : new double[] {0.001, 0.5, 0.9, 0.99, 0.999, 1}) {
            long expected = exact[(int) Math.ceil(part * exact.length) - 1];
            assertThat(latencies.percentile(part)).isBetween(expected, expected + expected / 32 + 1);
        }
        assertThat(latencies.most()).isEqualTo(exact[exact.length - 1]);
    }

    @Test
    void jsonIsWhatAParserReadsBack() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"\\\n\u0000\u007f\u009b\ud83c\udf72");
        value.put("half", "\ud83c");
        value.put("nan", Double.NaN);
        value.put("none", Optional.empty());
        value.put("list", List.of(1, 2.5f, List.of(), Map.of()));

        for (String json : List.of(JsonText.compact(value), JsonText.pretty(value))) {
            var read = new ObjectMapper().readTree(json);
            assertThat(read.get("text").asString()).isEqualTo(value.get("text"));
            assertThat(read.get("nan").isNull() && read.get("none").isNull()).isTrue();
            assertThat(read.get("list").get(1).asDouble()).isEqualTo(2.5);
            assertThat(json).doesNotContain("\u009b", "\u007f", "\ud83c\"");
        }
        assertThat(JsonText.compact(value)).hasLineCount(1);
    }

    @Test
    void progressIsDrawnOverInFrontOfAPersonAndLoggedElsewhere() {
        assertThat(progress(true))
                .contains("\r[###############---------------]  50 %  1,000 rows, 500 a second, 2 s left");
        assertThat(progress(false))
                .startsWith("[")
                .doesNotContain("\r", "\u001b")
                .hasLineCount(3);
    }

    private static String progress(boolean seen) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(InputStream.nullInputStream(), new ByteArrayOutputStream(), messages, seen, seen);
        AtomicLong now = new AtomicLong();
        try (Progress progress = new Progress(terminal, Progress.Mode.ALWAYS, 100, () -> 50, now::get)) {
            progress.advance(500);
            now.addAndGet(2_000_000_000);
            progress.advance(500);
            now.addAndGet(10_000_000_000L);
            progress.advance(500);
            now.addAndGet(10_000_000_000L);
            progress.advance(500);
        }
        return messages.toString(StandardCharsets.UTF_8);
    }
}
