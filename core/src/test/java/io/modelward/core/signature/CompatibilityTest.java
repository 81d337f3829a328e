package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.version.Bump;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityTest {

    private static final String ARRAY = "{\"type\":\"array\",\"items\":{\"type\":\"number\"}}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"array","items":{"type":"integer"}}   | {"type":"array","items":{"type":"number"}}  | patch | -
            {"type":"array","items":{"type":"number"}}    | {"type":"array","items":{"type":"integer"}} | major | input_schema.items
            {"type":"array","items":{"type":"number"}}    | {"type":"array","items":{"type":"string"}}  | major | input_schema.items
            {"type":"array","items":{"type":"number"}}    | {"type":"array","items":{"type":["number","null"]}} | patch | -
            {"type":"array","items":{"type":["number","null"]}} | {"type":"array","items":{"type":"number"}} | major | input_schema.items
            {"type":"array","minItems":4,"maxItems":4}    | {"type":"array","minItems":5,"maxItems":5}  | major | input_schema.length
            {"type":"array","minItems":4,"maxItems":4}    | {"type":"array"}                            | patch | -
            {"type":"array","minItems":4,"maxItems":4}    | {"type":"object","properties":{"a":true}}   | major | input_schema
            {"properties":{"a":true}}                     | {"properties":{"a":true,"b":true}}          | minor | -
            {"properties":{"a":true}}                     | {"properties":{"a":true,"b":true},"required":["b"]} | major | input_schema.properties.b
            {"properties":{"a":true,"b":true}}            | {"properties":{"a":true}}                   | major | input_schema.properties.b
            {"properties":{"a":true}}                     | {"properties":{"a":true},"required":["a"]}  | major | input_schema.properties.a
            {"properties":{"a":true},"required":["a"]}    | {"properties":{"a":true}}                   | patch | -
            {"properties":{"a":true}}                     | {"properties":{"a":true},"additionalProperties":true} | patch | -
            {"properties":{"a":true},"additionalProperties":true} | {"properties":{"a":true}}           | major | input_schema.additionalProperties
            {"properties":{},"additionalProperties":true} | {"properties":{"a":{"type":"number"}},"additionalProperties":true} | major | input_schema.properties.a
            {"enum":["a","b"]}                            | {"enum":["a","b","c"]}                      | patch | -
            {"enum":["a","b"]}                            | {"enum":["b"]}                              | major | input_schema.enum
            {"enum":["a","b"]}                            | {"enum":["b","a"]}                          | patch | -
            {"enum":["a","b"]}                            | {"type":"string"}                           | patch | -
            {"type":"string"}                             | {"enum":["a","b"]}                          | major | input_schema
            {"type":"boolean"}                            | {"enum":[true,false,null]}                  | patch | -
            {"type":"number","minimum":0}                 | {"type":"number","minimum":-1}              | patch | -
            {"type":"number","minimum":0}                 | {"type":"number","exclusiveMinimum":0}      | major | input_schema.minimum
            {"type":"number"}                             | {"type":"number","maximum":5}               | major | input_schema.maximum
            {"type":"number","multipleOf":4}              | {"type":"number","multipleOf":2}            | patch | -
            {"type":"number","multipleOf":4}              | {"type":"integer"}                          | patch | -
            {"type":"number","multipleOf":3}              | {"type":"number","multipleOf":2}            | major | input_schema.multipleOf
            {"type":"string"}                             | {"type":"string","pattern":"^a"}            | major | input_schema.pattern
            {"type":"string","pattern":"^a"}              | {"type":"string"}                           | patch | -
            {"type":"string","maxLength":3}               | {"type":"string","maxLength":2}             | major | input_schema.maxLength
            """)
    void inputIsComparedSoThatTheNewTakesWhatTheOldTook(String old, String next, String bump, String path) {
        assertComparison(compare(old, null, next, null), bump, path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"properties":{"p":{"type":"number"}}}     | {"properties":{"p":{"type":"integer"}}}      | patch | -
            {"properties":{"p":{"type":"integer"}}}    | {"properties":{"p":{"type":"number"}}}       | major | output_schema.properties.p
            {"properties":{"p":{"enum":[0,1]}}}        | {"properties":{"p":{"enum":[0,1,2]}}}        | major | output_schema.properties.p.enum
            {"properties":{"p":{"enum":[0,1,2]}}}      | {"properties":{"p":{"enum":[0,1]}}}          | patch | -
            {"properties":{"p":{"enum":[0,1]}}}        | {"properties":{"p":{"enum":[1.0,0.0]}}}      | patch | -
            {"properties":{"p":true,"q":true}}         | {"properties":{"p":true}}                    | major | output_schema.properties.q
            {"properties":{"p":true},"required":["p"]} | {"properties":{"p":true}}                    | major | output_schema.properties.p
            {"properties":{"p":true}}                  | {"properties":{"p":true},"required":["p"]}   | patch | -
            {"properties":{"p":true}}                  | {"properties":{"p":true,"q":true}}           | minor | -
            {"properties":{"p":true},"additionalProperties":false} | {"properties":{"p":true,"q":true},"additionalProperties":false} | major | output_schema.properties.q
            {"properties":{"p":true}}                  | {"properties":{"p":true},"additionalProperties":false} | patch | -
            {"type":"number"}                          | {"type":["number","null"]}                   | major | output_schema
            {"type":["number","null"]}                 | {"type":"number"}                            | patch | -
            {"type":"array","items":{"type":"number"},"minItems":3,"maxItems":3} | {"type":"array","items":{"type":"number"}} | major | output_schema.length
            """)
    void outputIsComparedSoThatReadersOfTheOldCanReadTheNew(String old, String next, String bump, String path) {
        assertComparison(compare(null, old, null, next), bump, path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"string","pattern":"^a"}      | {"type":"string","pattern":"^[a]"}     | input_schema.pattern
            {"type":"string","format":"date"}     | {"type":"string","format":"date-time"} | input_schema.format
            {"type":"number","not":{"const":1}}   | {"type":"number","not":{"const":2}}    | input_schema
            {"type":"number","multipleOf":3,"maximum":1,"minimum":0} | {"type":"number","multipleOf":2} | input_schema.multipleOf
            {"type":"number","maximum":2}         | {"anyOf":[{"type":"number","maximum":1},{"type":"number","minimum":1}]} | input_schema
            """)
    void whatCannotBeDecidedIsUnknownAndCountsAsBreaking(String old, String next, String path) {
        Comparison comparison = compare(old, null, next, null);
        assertThat(comparison.verdict()).isEqualTo(ChangeImpact.UNKNOWN);
        assertThat(comparison.unknown()).extracting(Finding::path).containsExactly(path);
        assertThat(comparison.leastBump()).isEqualTo(Bump.MAJOR);
        assertThat(comparison.leastBumpKnown()).isEqualTo(Bump.PATCH);
    }

    @Test
    void whatIsNotUnderstoodButTheSameIsCompatible() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"not\":{\"const\":1}}}}";
        assertThat(compare(schema, schema, schema, schema).verdict()).isEqualTo(ChangeImpact.COMPATIBLE);
    }

    @Test
    void aReferenceThatIsNotUnderstoodChangesWithItsDocument() {
        String tree =
                "{\"$defs\":{\"n\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/n\"},\"maxItems\":%d}},\"$ref\":\"#/$defs/n\"}";
        assertThat(compare(tree.formatted(2), null, tree.formatted(2), null).verdict())
                .isEqualTo(ChangeImpact.COMPATIBLE);
        assertThat(compare(tree.formatted(2), null, tree.formatted(3), null).unknown())
                .isNotEmpty();
    }

    @Test
    void whatNeitherVersionSaysIsNoDifference() {
        assertThat(compare(null, null, null, null).leastBump()).isEqualTo(Bump.PATCH);
        assertThat(compare(ARRAY, null, null, null).verdict()).isEqualTo(ChangeImpact.UNKNOWN);
        assertThat(compare(null, ARRAY, null, null).verdict()).isEqualTo(ChangeImpact.UNKNOWN);
        assertThat(compare(null, null, null, ARRAY).leastBump()).isEqualTo(Bump.MINOR);
    }

    @Test
    void toLearnWhatARowIsBreaksNobodyAndToForgetItIsUnknown() {
        String untyped = "{\"type\":\"array\",\"minItems\":4,\"maxItems\":4}";
        String typed = "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4}";
        String narrower = typed.replace("4", "3");
        for (String old : new String[] {null, untyped}) {
            Comparison learnt = compare(old, null, typed, null);
            assertThat(learnt.verdict()).isEqualTo(ChangeImpact.COMPATIBLE);
            assertThat(learnt.leastBump()).isEqualTo(Bump.PATCH);
            assertThat(learnt.findings()).extracting(Finding::path).containsExactly("input_schema");
            assertThat(compare(typed, null, old, null).leastBump()).isEqualTo(old == null ? Bump.MAJOR : Bump.PATCH);
        }
        assertThat(compare(untyped, null, narrower, null).verdict())
                .as("the length was known")
                .isEqualTo(ChangeImpact.BREAKING);
    }

    @Test
    void columnsKeepTheirOrderAndTheirNames() {
        Signature xy = columns("x", "y");
        assertThat(Compatibility.compare(xy, xy).findings()).isEmpty();
        assertThat(Compatibility.compare(xy, columns("y", "x")).breaking())
                .extracting(Finding::path)
                .containsExactly("input_schema.columns[0]");
        assertThat(Compatibility.compare(xy, columns("x", "z")).breaking())
                .extracting(Finding::path)
                .containsExactly("input_schema.columns[1]");
        assertThat(Compatibility.compare(xy, columns("x", "y", "z")).breaking())
                .extracting(Finding::path)
                .containsExactly("input_schema.length");
        assertThat(Compatibility.compare(xy, columns()).breaking())
                .extracting(Finding::path)
                .containsExactly("input_schema.columns");
        assertThat(Compatibility.compare(columns(), xy).leastBump()).isEqualTo(Bump.PATCH);
    }

    @Test
    void objectsMayBecomeArraysThatAreAlsoTakenByName() {
        Signature objects = SignatureTest.signature(
                "{\"properties\":{\"x\":{\"type\":\"number\"},\"y\":{\"type\":\"number\"}},\"required\":[\"x\",\"y\"]}",
                null);
        assertThat(Compatibility.compare(objects, columns("x", "y")).leastBump())
                .isEqualTo(Bump.PATCH);
        assertThat(Compatibility.compare(objects, columns("x", "z")).breaking()).isNotEmpty();
        assertThat(Compatibility.compare(columns("x", "y"), objects).breaking()).isNotEmpty();
    }

    @Test
    void anUnreasonablyComplicatedPairIsUnknownInTime() {
        String old = nested("{\"type\":\"number\",\"minimum\":1}", 7);
        String next = nested("{\"type\":\"number\",\"minimum\":2}", 7);
        Assertions.assertTimeoutPreemptively(
                java.time.Duration.ofSeconds(10),
                () -> assertThat(compare(old, null, next, null).verdict()).isNotEqualTo(ChangeImpact.COMPATIBLE));
    }

    private static String nested(String leaf, int depth) {
        String schema = leaf;
        for (int i = 0; i < depth; i++) {
            schema = "{\"anyOf\":[{\"type\":\"array\",\"items\":%s,\"maxItems\":%d},{\"type\":\"array\",\"items\":%s}]}"
                    .formatted(schema, i, schema);
        }
        return schema;
    }

    private static Signature columns(String... names) {
        int width = names.length == 0 ? 2 : names.length;
        return new Signature(SignatureTest.input(ARRAY, width, List.of(names), null), Optional.empty());
    }

    private static Comparison compare(String oldInput, String oldOutput, String nextInput, String nextOutput) {
        return Compatibility.compare(
                SignatureTest.signature(oldInput, oldOutput), SignatureTest.signature(nextInput, nextOutput));
    }

    private static void assertComparison(Comparison comparison, String bump, String path) {
        if (path.equals("-")) {
            assertThat(comparison.breaking()).isEmpty();
        } else {
            assertThat(comparison.breaking()).extracting(Finding::path).containsExactly(path);
        }
        assertThat(comparison.unknown()).isEmpty();
        assertThat(comparison.leastBump().label()).isEqualTo(bump);
    }
}
