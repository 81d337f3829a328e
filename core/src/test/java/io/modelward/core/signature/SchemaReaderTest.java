package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SchemaReaderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1                                            | input_schema
            null                                         | input_schema
            {"type":"float"}                             | input_schema.type
            {"type":[]}                                  | input_schema.type
            {"type":[1]}                                 | input_schema.type
            {"type":null}                                | input_schema.type
            {"type":"number","minimum":"1"}              | input_schema.minimum
            {"type":"number","exclusiveMinimum":true}    | input_schema.exclusiveMinimum
            {"type":"number","multipleOf":0}             | input_schema.multipleOf
            {"type":"string","minLength":-1}             | input_schema.minLength
            {"type":"string","maxLength":1.5}            | input_schema.maxLength
            {"type":"string","pattern":"("}              | input_schema.pattern
            {"type":"string","pattern":1}                | input_schema.pattern
            {"type":"array","items":5}                   | input_schema.items
            {"type":"array","prefixItems":{}}            | input_schema.prefixItems
            {"type":"array","prefixItems":[true,7]}      | input_schema.prefixItems[1]
            {"type":"array","minItems":1e10}             | input_schema.minItems
            {"type":"object","properties":[]}            | input_schema.properties
            {"type":"object","properties":{"a":{"type":"x"}}} | input_schema.properties.a.type
            {"type":"object","required":"a"}             | input_schema.required
            {"type":"object","required":[1]}             | input_schema.required
            {"enum":1}                                   | input_schema.enum
            {"enum":[]}                                  | input_schema.enum
            {"anyOf":{}}                                 | input_schema.anyOf
            {"anyOf":[{"type":"x"}]}                     | input_schema.anyOf[0].type
            {"$ref":"#/$defs/a"}                         | input_schema.$ref
            {"$ref":"#/%zz"}                             | input_schema.$ref
            """)
    void aMalformedSchemaIsRefusedWithItsPath(String text, String path) {
        Problems.refused(path, () -> read(text));
    }

    @Test
    void wordsThatRestrictNothingAreLeftOut() {
        assertThat(read("{\"type\":\"number\",\"title\":\"x\",\"default\":1,\"unit\":\"cm\"}"))
                .isEqualTo(read("{\"type\":\"number\"}"));
        assertThat(read("{\"title\":\"x\"}")).isEqualTo(Schema.ANY);
    }

    @Test
    void aSchemaWithoutTypeIsOfTheTypeWhoseKeywordsItUses() {
        assertThat(read("{\"items\":{\"minimum\":0}}"))
                .isEqualTo(read("{\"type\":\"array\",\"items\":{\"type\":\"number\",\"minimum\":0}}"));
        assertThat(read("{\"properties\":{}}")).isInstanceOf(Schema.Obj.class);
    }

    @Test
    void anInputObjectIsClosedAndAnOutputObjectIsOpen() {
        JsonNode schema = json("{\"type\":\"object\",\"properties\":{\"a\":true}}");
        assertThat(((Schema.Obj) SchemaReader.read(schema, SchemaSide.INPUT)).closed())
                .isTrue();
        assertThat(((Schema.Obj) SchemaReader.read(schema, SchemaSide.OUTPUT)).closed())
                .isFalse();
        assertThat(((Schema.Obj) read("{\"type\":\"object\",\"additionalProperties\":true}")).closed())
                .isFalse();
    }

    @Test
    void referencesWithinTheDocumentAreFollowed() {
        assertThat(read("{\"$defs\":{\"a"
                        + " b\":{\"type\":\"number\"}},\"items\":{\"$ref\":\"#/$defs/a%20b\"},\"type\":\"array\"}"))
                .isEqualTo(read("{\"type\":\"array\",\"items\":{\"type\":\"number\"}}"));
    }

    @Test
    void whatIsNotUnderstoodIsKeptAsUnknown() {
        assertThat(keyword("{\"$ref\":\"https://example.org/x\"}")).isEqualTo("$ref");
        assertThat(keyword("{\"$ref\":\"#\"}")).isEqualTo("$ref");
        assertThat(keyword("{\"type\":\"number\",\"not\":{\"const\":1}}")).isEqualTo("not");
        assertThat(keyword("{\"type\":\"number\",\"not\":{\"const\":1},\"enum\":[1,2]}"))
                .isEqualTo("not");
        assertThat(keyword("{\"type\":\"array\",\"uniqueItems\":true}")).isEqualTo("uniqueItems");
        assertThat(keyword("{\"oneOf\":[{\"type\":\"number\"},{\"type\":\"integer\"}]}"))
                .isEqualTo("oneOf");
        assertThat(keyword("{\"allOf\":[{\"minimum\":1},{\"maximum\":2}]}")).isEqualTo("allOf");
        assertThat(keyword("{\"type\":\"object\",\"anyOf\":[{\"required\":[\"a\"]}]}"))
                .isEqualTo("anyOf");
    }

    @Test
    void unionsAreOneWhicheverWordMakesThem() {
        Schema expected = read("{\"type\":[\"number\",\"null\"]}");
        assertThat(read("{\"anyOf\":[{\"type\":\"number\"},{\"type\":\"null\"}]}"))
                .isEqualTo(expected);
        assertThat(read("{\"oneOf\":[{\"type\":\"number\"},{\"type\":\"null\"}],\"default\":null}"))
                .isEqualTo(expected);
        assertThat(read("{\"allOf\":[{\"type\":\"number\"}]}")).isEqualTo(read("{\"type\":\"number\"}"));
        assertThat(read("{\"type\":[\"number\",\"integer\"]}")).isEqualTo(read("{\"type\":\"number\"}"));
    }

    @Test
    void referencesThatMultiplyAreRefusedInTime() {
        StringBuilder text = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 25; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            text.append("\"d%d\":{\"type\":\"array\",\"prefixItems\":[%s,%s]},".formatted(i, next, next));
        }
        String schema = text.append("\"d25\":true}}").toString();
        Problems.refused("input_schema", () -> read(schema));
    }

    @Test
    void aUserCannotWriteTheFormForStoredUnknowns() {
        assertThat(read("{\"x-not-understood\":\"not\",\"known\":true}")).isEqualTo(Schema.ANY);
    }

    private static String keyword(String text) {
        assertThat(read(text)).isInstanceOf(Schema.Unknown.class);
        return ((Schema.Unknown) read(text)).keyword();
    }

    private static Schema read(String text) {
        return SchemaReader.read(json(text), SchemaSide.INPUT);
    }

    private static JsonNode json(String text) {
        return Json.parse(text, "x");
    }
}
