package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Cards come from outside: none may hold a thread or end one. */
class HostileSchemaTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void aVeryLongEnumIsComparedAndCheckedInTime() {
        Signature old = SignatureTest.signature(enumOf(0, 150_000), enumOf(0, 150_000));
        Signature next = SignatureTest.signature(enumOf(1, 150_001), enumOf(1, 150_001));
        Assertions.assertTimeoutPreemptively(SOON, () -> {
            Comparison comparison = Compatibility.compare(old, next);
            assertThat(comparison.breaking())
                    .extracting(Finding::what)
                    .containsExactly("no longer takes 0", "may now give 150000");
            RowCheck check = RowCheck.of(old);
            for (int i = 0; i < 100_000; i++) {
                check.check(JsonNodeFactory.instance.numberNode(i), i);
            }
        });
    }

    @Test
    void veryManyAlternativesAreReadAndComparedInTime() {
        String old = alternatives("anyOf", 0);
        String next = alternatives("anyOf", 1);
        String one = alternatives("oneOf", 0);
        Assertions.assertTimeoutPreemptively(SOON, () -> {
            assertThat(compare(old, next).verdict()).isNotEqualTo(ChangeImpact.COMPATIBLE);
            assertThat(compare(one, one).verdict()).isEqualTo(ChangeImpact.COMPATIBLE);
        });
    }

    @Test
    void moreThan256AlternativesThatAreNoValuesAreRefused() {
        String ranges = IntStream.range(0, 257)
                .mapToObj(i -> "{\"type\":\"number\",\"minimum\":" + i + "}")
                .collect(Collectors.joining(",", "{\"anyOf\":[", "]}"));
        Problems.refused("input_schema.anyOf", () -> SignatureTest.signature(ranges, null));
    }

    @Test
    void largeValuesAgainstManyAlternativesAreUnknownInTime() {
        String values = "{\"const\":[" + "1,".repeat(200_000) + "1]}";
        String ranges = IntStream.range(0, 250)
                .mapToObj(i -> "{\"type\":\"number\",\"minimum\":" + (i + 2) + "}")
                .collect(Collectors.joining(",", "{\"type\":\"array\",\"items\":{\"anyOf\":[", "]}}"));
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(compare(values, ranges).verdict()).isEqualTo(ChangeImpact.UNKNOWN));
    }

    @Test
    void alternativesOfLargeObjectsAreComparedInTime() {
        String old = objects(0);
        String next = objects(1);
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(compare(old, next).verdict()).isNotEqualTo(ChangeImpact.COMPATIBLE));
    }

    @Test
    void veryManyReferencesThatAreNotUnderstoodAreReadInTime() {
        String properties = IntStream.range(0, 9_000)
                .mapToObj(i -> "\"p%d\":{\"$ref\":\"https://example.org/%d\"}".formatted(i, i))
                .collect(Collectors.joining(","));
        String schema = "{\"properties\":{" + properties + "}}";
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(compare(schema, schema).verdict()).isEqualTo(ChangeImpact.COMPATIBLE));
    }

    @Test
    void aChainOfReferencesThatNestsTooDeepIsRefused() {
        StringBuilder text = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 500; i++) {
            text.append("\"d%d\":%s{\"$ref\":\"#/$defs/d%d\"}%s,"
                    .formatted(i, "{\"items\":".repeat(40), i + 1, "}".repeat(40)));
        }
        String schema = text.append("\"d500\":true}}").toString();
        Problems.refused("input_schema", () -> SignatureTest.signature(schema, null));
    }

    @Test
    void aSchemaAsDeepAsJsonAllowsIsRead() {
        String schema = "{\"type\":\"array\",\"items\":".repeat(60) + "true" + "}".repeat(60);
        assertThat(compare(schema, schema).findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x{2147483647}",
                "(?:){2000000000}",
                "(?:(?:){99999}){9999}",
                "(?=(x{0}){99999}){9999}y",
                "x{99999999999999999999}"
            })
    void aPatternThatRepeatsTooOftenIsRefused(String pattern) {
        Problems.refused("input_schema.pattern", () -> schema(pattern));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=(x{0}){1000}){999}y",
                "^(a+)+$",
                "(.*)*(.*)*(.*)*!",
                "(a|aa)+!",
                "(?<=a{1,1000})!",
                "(\\w+\\s?)*\\1!"
            })
    void aPatternThatWouldRunForLongGivesUp(String pattern) {
        Schema schema = schema(pattern);
        JsonNode text = JsonNodeFactory.instance.stringNode("a".repeat(200_000) + "?");
        Assertions.assertTimeoutPreemptively(
                SOON, () -> assertThat(SchemaCheck.accepts(schema, text)).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[\\s\\S]*$",
                "^.{1,500000}$",
                "a$",
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|a"
            })
    void anHonestPatternIsFoundInALongText(String pattern) {
        assertThat(SchemaCheck.accepts(schema(pattern), JsonNodeFactory.instance.stringNode("a".repeat(400_000))))
                .isTrue();
    }

    @Test
    void numbersThatAreNotFiniteAreNeverAccepted() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            JsonNode number = JsonNodeFactory.instance.numberNode(value);
            assertThat(SchemaCheck.violation(Schemas.NUMBER, number, "x")).isPresent();
            assertThat(SchemaCheck.violation(Schemas.number(true), number, "x")).isPresent();
            assertThat(SchemaCheck.accepts(
                            SchemaReader.read(Json.parse("{\"enum\":[1]}", "x"), SchemaSide.INPUT), number))
                    .isFalse();
        }
    }

    private static Schema schema(String pattern) {
        return SchemaReader.read(Json.object().put("type", "string").put("pattern", pattern), SchemaSide.INPUT);
    }

    private static String enumOf(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(",", "{\"enum\":[", "]}"));
    }

    private static String alternatives(String word, int offset) {
        return IntStream.range(0, 9_000)
                .mapToObj(i -> "{\"const\":\"v" + (i + offset) + "\"}")
                .collect(Collectors.joining(",", "{\"" + word + "\":[", "]}"));
    }

    private static String objects(int offset) {
        return IntStream.range(0, 95)
                .mapToObj(i -> IntStream.range(0, 100)
                        .mapToObj(p ->
                                "\"p%d\":{\"type\":\"number\",\"minimum\":%d}".formatted(p, p == 99 ? i + offset : 0))
                        .collect(Collectors.joining(",", "{\"type\":\"object\",\"properties\":{", "}}")))
                .collect(Collectors.joining(",", "{\"anyOf\":[", "]}"));
    }

    private static Comparison compare(String old, String next) {
        return Compatibility.compare(SignatureTest.signature(old, null), SignatureTest.signature(next, null));
    }
}
