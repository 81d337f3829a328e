package io.modelward.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class CanonicalJsonTest {

    /** RFC 8785, section 3.2.2 to 3.2.4. */
    @Test
    void givesTheBytesOfTheExampleInTheRfc() {
        String sent = """
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }""";
        String expected = """
                7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72
                75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
                5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31
                65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
                5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30
                30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d""";
        assertThat(CanonicalJson.bytes(Json.parse(sent, "x")))
                .isEqualTo(HexFormat.of().parseHex(expected.replaceAll("\\s", "")));
    }

    /** RFC 8785, section 3.2.3. */
    @Test
    void sortsKeysByUtf16() {
        String sent = "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With"
                + " Dagesh\","
                + "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
                + "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}";
        assertThat(canonical(sent))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                        + "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    /** RFC 8785, appendix B. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "8000000000000001, -5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "ffefffffffffffff, -1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "c340000000000000, -9007199254740992",
        "4430000000000000, 295147905179352830000",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "44b52d02c7e14af7, 1.0000000000000001e+23",
        "444b1ae4d6e2ef4e, 999999999999999700000",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "444b1ae4d6e2ef50, 1e+21",
        "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "41b3de4355555554, 333333333.33333325",
        "41b3de4355555555, 333333333.3333333",
        "41b3de4355555556, 333333333.3333334",
        "41b3de4355555557, 333333333.33333343",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void writesTheNumbersOfTheRfc(String bits, String expected) {
        assertThat(number(bits)).isEqualTo(expected);
    }

    /** The table was written by a JavaScript engine. */
    @Test
    void writesNumbersAsJavaScriptDoes() throws IOException {
        try (InputStream in = CanonicalJsonTest.class.getResourceAsStream("numbers.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> {
                        String[] parts = line.split(" ");
                        assertThat(number(parts[0])).as(parts[0]).isEqualTo(parts[1]);
                    });
        }
    }

    @Test
    void writesWholeNumbersOfAnySizeThatADoubleHolds() {
        assertThat(canonical("[1,-1,9007199254740992,9007199254740994,1000000000000000000000,-0]"))
                .isEqualTo("[1,-1,9007199254740992,9007199254740994,1e+21,0]");
    }

    @Test
    void refusesIntegersThatADoubleCannotHoldByTheirPath() {
        Problems.invalid("a.b[1]", () -> canonical("{\"a\":{\"b\":[1,9007199254740993]}}"));
        Problems.invalid("document", () -> canonical("12345678901234567890"));
        Problems.invalid("card.n", () -> CanonicalJson.bytes(Json.parse("{\"n\":9007199254740993}", "x"), "card"));
    }

    @Test
    void refusesWhatIsNoJsonNumberOrText() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        Problems.invalid("n", () -> CanonicalJson.bytes(Json.object().put("n", Double.NaN)));
        Problems.invalid("n", () -> CanonicalJson.bytes(Json.object().put("n", Double.NEGATIVE_INFINITY)));
        Problems.invalid("s", () -> CanonicalJson.bytes(Json.object().put("s", "\ud800")));
        Problems.invalid("document", () -> CanonicalJson.bytes(nodes.missingNode()));
    }

    @Test
    void isTheSameForAllTextsOfOneValue() {
        assertThat(canonical(" { \"b\" : 1.0 , \"a\" : \"\\u0041\" } ")).isEqualTo(canonical("{\"a\":\"A\",\"b\":1}"));
        assertThat(canonical("{}")).isEqualTo("{}");
        assertThat(canonical("[[],{}]")).isEqualTo("[[],{}]");
    }

    private static String number(String bits) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        return new String(CanonicalJson.bytes(JsonNodeFactory.instance.numberNode(value)), StandardCharsets.UTF_8);
    }

    private static String canonical(String text) {
        return new String(CanonicalJson.bytes(Json.parse(text, "x")), StandardCharsets.UTF_8);
    }
}
