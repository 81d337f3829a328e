package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowCheckTest {

    private static final Signature IRIS = new Signature(
            SignatureTest.input(
                    "{\"type\":\"array\",\"items\":{\"type\":\"number\",\"minimum\":0}}",
                    2,
                    List.of("length", "width"),
                    null),
            Optional.empty());
    private static final Signature COLOURS = SignatureTest.signature("""
            {"type":"object","required":["colour"],"properties":{
              "colour":{"enum":["red","blue"]},
              "n":{"type":"integer","maximum":9},
              "tags":{"type":"array","items":{"type":"string"}},
              "w":{"type":["number","null"]}}}""", null);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1]                       | instances[3]           | must have 2 values, has 1
            [1,2,3]                   | instances[3]           | must have 2 values, has 3
            [1,"7"]                   | instances[3][1]        | must be a number, is a string
            [true,1]                  | instances[3][0]        | must be a number, is true or false
            [null,1]                  | instances[3][0]        | must be a number, is null
            [1,[2]]                   | instances[3][1]        | must be a number, is an array
            [1,-1]                    | instances[3][1]        | must be at least 0
            5                         | instances[3]           | must be an array, is a number
            {"length":1}              | instances[3].width     | is missing
            {"length":1,"width":"2"}  | instances[3].width     | must be a number, is a string
            {"length":1,"width":2,"z":3} | instances[3].z      | is not known
            {}                        | instances[3].length    | is missing
            """)
    void aWrongRowIsRefusedByItsPlace(String row, String field, String what) {
        assertRefused(IRIS, row, field, what);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                              | instances[3].colour  | is missing
            {"colour":"green"}              | instances[3].colour  | must be one of "red", "blue"
            {"colour":"red","n":1.5}        | instances[3].n       | must be an integer, has a fraction
            {"colour":"red","n":10}         | instances[3].n       | must be at most 9
            {"colour":"red","tags":["a",1]} | instances[3].tags[1] | must be a string, is a number
            {"colour":"red","w":"1"}        | instances[3].w       | must be a number or null, is a string
            {"colour":"red","color":"red"}  | instances[3].color   | is not known
            ["red"]                         | instances[3]         | must be an object, is an array
            """)
    void soIsAWrongObject(String row, String field, String what) {
        assertRefused(COLOURS, row, field, what);
    }

    @Test
    void rowsThatFitPass() {
        RowCheck iris = RowCheck.of(IRIS);
        iris.check(Json.parse("[1, 2.5]", "x"), 0);
        iris.check(Json.parse("{\"width\":1,\"length\":0}", "x"), 0);
        RowCheck colours = RowCheck.of(COLOURS);
        colours.check(Json.parse("{\"colour\":\"red\",\"n\":1.0,\"tags\":[],\"w\":null}", "x"), 0);
        RowCheck anything = RowCheck.of(SignatureTest.signature(null, null));
        anything.check(Json.parse("{\"a\":[null]}", "x"), 0);
    }

    @Test
    void theCallersValueIsNeverRepeated() {
        String secret = "\"secret" + "x".repeat(100_000) + "\"";
        assertThat(refused(IRIS, "[" + secret + ",1]", "instances[3][0]")).doesNotContain("secret");
        assertThat(refused(COLOURS, "{\"colour\":" + secret + "}", "instances[3].colour"))
                .doesNotContain("secret");
    }

    @Test
    void aLongColumnNameIsCut() {
        refused(
                COLOURS,
                "{\"colour\":\"red\",\"" + "k".repeat(40_000) + "\":1}",
                "instances[3]." + "k".repeat(60) + "…");
    }

    @Test
    void aPatternThatWouldRunForeverIsNoMatch() {
        Signature slow = SignatureTest.signature("{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}", null);
        Signature deep = SignatureTest.signature("{\"type\":\"string\",\"pattern\":\"^(a|b)*$\"}", null);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            RowCheck.of(slow).check(Json.parse("\"aaaa\"", "x"), 3);
            refused(slow, "\"" + "a".repeat(60) + "!\"", "instances[3]");
            refused(deep, "\"" + "ab".repeat(1_000_000) + "\"", "instances[3]");
        });
    }

    private static void assertRefused(Signature signature, String row, String field, String what) {
        assertThat(refused(signature, row, field)).contains(what);
    }

    private static String refused(Signature signature, String row, String field) {
        return Problems.refused(field, () -> RowCheck.of(signature).check(Json.parse(row, "x"), 3))
                .detail();
    }
}
