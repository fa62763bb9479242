package dev.kitchen.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "transaction", "müssen 数字 \uD83D\uDE00", "a 'quoted' \"text\" with \\ and /"})
    void leavesReadableTextAsItIs(String text) {
        assertThat(MessageText.of(text)).isEqualTo(text);
    }

    @Test
    void escapesWhatATerminalOrALogViewerWouldObey() {
        assertThat(MessageText.of("a\nb\rc\td")).isEqualTo("a\\nb\\rc\\td");
        assertThat(MessageText.of("\u001b[2J\u0000\u007f\u0085\u009b"))
                .isEqualTo("\\u001b[2J\\u0000\\u007f\\u0085\\u009b");
        assertThat(MessageText.of("\u2028\u2029")).isEqualTo("\\u2028\\u2029");
        assertThat(MessageText.of("\u202e\u2066\u200f\u061c\ufeff\u200b"))
                .isEqualTo("\\u202e\\u2066\\u200f\\u061c\\ufeff\\u200b");
        assertThat(MessageText.of("\uDB40\uDC41")).as("a tag that nobody sees").isEqualTo("\\udb40\\udc41");
    }

    @Test
    void escapesHalvesOfPairs() {
        assertThat(MessageText.of("a\uD83Db\uDE00")).isEqualTo("a\\ud83db\\ude00");
    }

    @Test
    void cutsLongTextAndNeverWithinACharacterOrAnEscape() {
        assertThat(MessageText.of("n".repeat(20_000_000))).isEqualTo("n".repeat(100) + "...");
        assertThat(MessageText.of("n".repeat(100))).isEqualTo("n".repeat(100));
        assertThat(MessageText.of("\n".repeat(20_000_000), 9)).isEqualTo("\\n\\n\\n\\n...");
        assertThat(MessageText.of("abc\uD83D\uDE00", 4)).isEqualTo("abc...");
        assertThat(MessageText.of("abc\uD83D\uDE00", 5)).isEqualTo("abc\uD83D\uDE00");
        assertThat(MessageText.of("abc\u001b", 8)).isEqualTo("abc...");
    }

    @Test
    void showsTheFirstOfManyElements() {
        assertThat(MessageText.of(List.of("a", "b\nc"))).isEqualTo("[a, b\\nc]");
        assertThat(MessageText.of(IntStream.range(0, 10).boxed().toList())).isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
        assertThat(MessageText.of(IntStream.range(0, 1000).boxed().toList()))
                .isEqualTo("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 990 more]");
    }

    @Test
    void everyMessageIsOneShortLine() {
        List<KitchenException> thrown = List.of(
                new InvalidRequestException("a\nb" + "c".repeat(1_000_000)),
                new InferenceException("a\nb" + "c".repeat(1_000_000), new IllegalStateException()),
                new DeadlineExceededException("a\nb" + "c".repeat(1_000_000)));

        assertThat(thrown)
                .allSatisfy(
                        it -> assertThat(it.getMessage()).startsWith("a\\nbccc").hasSizeBetween(4_000, 4_010));
    }
}
