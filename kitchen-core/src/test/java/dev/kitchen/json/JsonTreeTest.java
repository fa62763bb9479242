package dev.kitchen.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {

    private static final int LIMIT = 1_000;

    private static JsonTree parse(String json) {
        return JsonTree.parse("it", json.getBytes(StandardCharsets.UTF_8), LIMIT);
    }

    @Test
    void keepsDigitsAndOrder() {
        String json = "{\"z\":0.10,\"a\":12345678901234567890123,\"m\":[1e2,-0,true,null,\"\u00e4\\n\"]}";

        assertThat(parse(json).toLine()).isEqualTo(json);
    }

    @Test
    void writesTheSameLinesEverywhere() {
        assertThat(parse("{\"b\":{\"c\":[1,2]},\"a\":{}}").toLines())
                .isEqualTo("{\n  \"b\" : {\n    \"c\" : [ 1, 2 ]\n  },\n  \"a\" : { }\n}\n");
    }

    @Test
    void whatIsWrittenIsReadTheSame() {
        JsonTree tree = JsonTree.object()
                .with("text", JsonTree.text("\"\\\u2028\ud83d\ude00"))
                .with("number", JsonTree.number(0.1))
                .with("whole", JsonTree.number(Long.MIN_VALUE));

        assertThat(parse(tree.toLines())).isEqualTo(tree);
        assertThat(parse(tree.toLine())).isEqualTo(tree);
    }

    @Test
    void changesOneMemberAndNothingElse() {
        JsonTree tree = parse("{\"a\":1,\"b\":{\"x\":1},\"c\":3}");

        JsonTree changed =
                tree.with("b", it -> it.with("y", JsonTree.number(2))).without("a");

        assertThat(changed.toLine()).isEqualTo("{\"b\":{\"x\":1,\"y\":2},\"c\":3}");
        assertThat(tree.toLine()).isEqualTo("{\"a\":1,\"b\":{\"x\":1},\"c\":3}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{} {}",
                "{}x",
                "[1,]",
                "{'a':1}",
                "\ufeff{}",
                "\u0000{}",
                "{\u0000}",
                "{\"a\":\"\\ud800\"}",
                "//\n{}"
            })
    void refusesWhatIsNotStrictJson(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("it: ");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] json = {'"', (byte) 0xC3, '"'};

        assertThatThrownBy(() -> JsonTree.parse("it", json, LIMIT)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void saysLineColumnAndByte() {
        assertThatThrownBy(() -> parse("{\n  \"a\": ?\n}"))
                .hasMessageContaining("line 2, column")
                .hasMessageContaining("(byte ");
    }

    @Test
    void refusesWhatIsTooLargeOrTooDeep() {
        assertThatThrownBy(() -> parse("\"" + "x".repeat(LIMIT) + "\""))
                .hasMessage("it: has 1002 bytes, expected at most 1000");
        assertThatThrownBy(() -> parse("[".repeat(101) + "]".repeat(101))).isInstanceOf(InvalidRequestException.class);
        assertThat(parse("[".repeat(100) + "]".repeat(100)).elements("it")).hasSize(1);
    }

    @Test
    void namesWhatItIsAndWhatWasExpected() {
        assertThatThrownBy(() -> parse("[]").members("here")).hasMessage("here: is an array, expected an object");
        assertThatThrownBy(() -> parse("1.5").integer("here"))
                .hasMessage("here: is 1.5, expected a whole number of at most 64 bits");
        assertThatThrownBy(() -> JsonTree.number(Double.NaN)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void nullIsAsGoodAsAbsent() {
        assertThat(parse("{\"a\":null}").member("a")).isEmpty();
    }
}
