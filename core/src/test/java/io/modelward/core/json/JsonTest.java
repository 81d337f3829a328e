package io.modelward.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "\"\"",
                "{\"a\":[1,2.5,-0.0,1.0E-7,12345678901234567890,true,null,\"é😀\\n\"],\"b\":{}}"
            })
    void readsAndWritesBack(String text) {
        assertThat(Json.write(Json.parse(text, "card"))).isEqualTo(text);
        assertThat(Json.bytes(Json.parse(text.getBytes(StandardCharsets.UTF_8), "card")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1,"a":2}       | the key "a" is given twice
            {"a":{"b":1,"b":1}} | line 1, column
            {} {}               | something follows
            1 2                 | something follows
            [1e999]             | too large
            [-1e999]            | too large
            ["\\ud800"]         | surrogate
            ["\\udc00\\ud800"]  | surrogate
            {"\\ud800":1}       | surrogate
            [NaN]               | NaN
            [Infinity]          | line 1, column
            [-Infinity]         | line 1, column
            [01]                | line 1, column
            [+1]                | line 1, column
            [.5]                | line 1, column
            [1.]                | line 1, column
            [0x1]               | line 1, column
            [1,]                | line 1, column
            {"a":1,}            | line 1, column
            {a:1}               | line 1, column
            {'a':1}             | line 1, column
            ['a']               | line 1, column
            [1 /* c */]         | line 1, column
            [1] // c            | line 1, column
            {                   | line 1, column
            {"a"                | line 1, column
            {"a":               | line 1, column
            [                   | line 1, column
            [[1]                | line 1, column
            ]                   | line 1, column
            tru                 | line 1, column
            "abc                | line 1, column
            "\\x"               | line 1, column
            "\\u12"             | line 1, column
            """)
    void refusesWhatReadersDifferOn(String text, String reason) {
        assertThat(Problems.invalid("card", () -> Json.parse(text, "card")).detail())
                .contains(reason)
                .doesNotContain("StreamRead", "JsonRead", "Source", "REDACTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void refusesNothing(String text) {
        Problems.invalid("body", () -> Json.parse(text, "body"));
    }

    @Test
    void saysTheLine() {
        assertThat(Problems.invalid("card", () -> Json.parse("{\n \"a\": 1,\n \"a\": 2}", "card"))
                        .detail())
                .contains("at line 3, column 2");
    }

    @Test
    void refusesRawControlCharactersAndLoneSurrogates() {
        Problems.invalid("card", () -> Json.parse("[\"a\u0000b\"]", "card"));
        Problems.invalid("card", () -> Json.parse("[\"a\nb\"]", "card"));
        Problems.invalid("card", () -> Json.parse("[\"\ud800\"]", "card"));
        Problems.invalid("card", () -> Json.parse("\ud800", "card"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        int[][] malformed = {
            {'"', 0x80, '"'},
            {'"', 0xC0, 0x80, '"'},
            {'"', 0xE0, 0x80, 0x80, '"'},
            {'"', 0xED, 0xA0, 0x80, '"'},
            {'"', 0xF4, 0x90, 0x80, 0x80, '"'},
            {'"', 0xFF, '"'},
            {'"', 'a', 0xC3},
            {0xC3},
            {0xFF, 0xFE, '1', 0},
            {0, '1'},
            {'1', 0}
        };
        for (int[] bytes : malformed) {
            Problems.invalid("card", () -> Json.parse(bytes(bytes), "card"));
        }
        assertThat(Problems.invalid("card", () -> Json.parse(bytes('{', '\n', ' ', 0xFF), "card"))
                        .detail())
                .contains("not valid UTF-8 at line 2, column 2");
    }

    @Test
    void refusesAByteOrderMark() {
        assertThat(Problems.invalid("card", () -> Json.parse(bytes(0xEF, 0xBB, 0xBF, '1'), "card"))
                        .detail())
                .contains("byte order mark");
    }

    @Test
    void nestsSixtyFourDeepAndNoDeeper() {
        assertThat(Json.parse("[".repeat(64) + "]".repeat(64), "card").isArray())
                .isTrue();
        Problems.invalid("card", () -> Json.parse("[".repeat(65) + "]".repeat(65), "card"));
        Problems.invalid("card", () -> Json.parse("{\"a\":".repeat(65) + "1" + "}".repeat(65), "card"));
        Problems.invalid("card", () -> Json.parse("[".repeat(1_000_000), "card"));
    }

    @Test
    void doesNotRepeatLargeInput() {
        String large = "x".repeat(100_000);
        Problems.invalid("card", () -> Json.parse(large, "card"));
        Problems.invalid("card", () -> Json.parse("[" + "1".repeat(100_000) + "]", "card"));
        Problems.invalid("card", () -> Json.parse("[" + "1".repeat(900) + "]", "card"));
        Problems.invalid("card", () -> Json.parse("[1." + "1".repeat(100_000) + "]", "card"));
        Problems.invalid("card", () -> Json.parse("{\"" + large + "\":1,\"" + large + "\":1}", "card"));
        Problems.invalid("card", () -> Json.parse("\"\\" + large, "card"));
    }

    @Test
    void keepsWholeNumbersWhole() {
        JsonNode numbers = Json.parse("[1, 1.0, 9007199254740993, 1e2]", "card");
        assertThat(numbers.get(0).isInt()).isTrue();
        assertThat(numbers.get(1).isDouble()).isTrue();
        assertThat(numbers.get(2).longValue()).isEqualTo(9007199254740993L);
        assertThat(numbers.get(3).isDouble()).isTrue();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
