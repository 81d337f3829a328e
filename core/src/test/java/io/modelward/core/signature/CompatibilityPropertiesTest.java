package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelward.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What must hold for any schemas and values; checked against an independent validator of JSON Schema. */
class CompatibilityPropertiesTest {

    private static final int SCHEMAS = 4_000;
    private static final int VALUES = 25;
    private static final int DEPTH = 3;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void aSchemaAcceptsWhatAnIndependentValidatorAccepts() {
        int accepted = 0;
        RandomSchemas random = new RandomSchemas(1);
        for (int i = 0; i < SCHEMAS; i++) {
            JsonNode source = random.schema(DEPTH);
            Schema schema = SchemaReader.read(source, SchemaSide.OUTPUT);
            com.networknt.schema.Schema oracle = registry.getSchema(source);
            for (int j = 0; j < VALUES; j++) {
                JsonNode value = random.valueFor(source, DEPTH);
                boolean ours = SchemaCheck.accepts(schema, value);
                assertThat(ours)
                        .as("schema %s, value %s", Json.write(source), Json.write(value))
                        .isEqualTo(oracle.validate(value).isEmpty());
                accepted += ours ? 1 : 0;
            }
        }
        assertThat(accepted).isBetween(SCHEMAS * VALUES / 4, SCHEMAS * VALUES * 19 / 20);
    }

    @Test
    void whenInputIsCompatibleTheNewTakesAllThatTheOldTook() {
        int compatible = 0;
        RandomSchemas random = new RandomSchemas(2);
        for (int i = 0; i < 3 * SCHEMAS; i++) {
            JsonNode old = random.schema(DEPTH);
            JsonNode next = random.variant(old, DEPTH);
            SchemaComparer comparer = new SchemaComparer(SchemaSide.INPUT);
            comparer.compare(read(old, SchemaSide.INPUT), read(next, SchemaSide.INPUT), "input_schema");
            if (harmless(comparer)) {
                compatible++;
                com.networknt.schema.Schema before = registry.getSchema(old);
                com.networknt.schema.Schema after = registry.getSchema(next);
                for (int j = 0; j < VALUES; j++) {
                    JsonNode value = random.valueFor(random.schemaOf(old, next), DEPTH);
                    if (before.validate(value).isEmpty()) {
                        assertThat(after.validate(value))
                                .as("old %s, next %s, value %s", Json.write(old), Json.write(next), Json.write(value))
                                .isEmpty();
                    }
                }
            }
        }
        assertThat(compatible).isGreaterThan(SCHEMAS / 2);
    }

    @Test
    void whenOutputIsCompatibleReadersOfTheOldCanReadAllOfTheNew() {
        int compatible = 0;
        RandomSchemas random = new RandomSchemas(3);
        for (int i = 0; i < 3 * SCHEMAS; i++) {
            JsonNode old = random.schema(DEPTH);
            JsonNode next = random.variant(old, DEPTH);
            SchemaComparer comparer = new SchemaComparer(SchemaSide.OUTPUT);
            comparer.compare(read(old, SchemaSide.OUTPUT), read(next, SchemaSide.OUTPUT), "output_schema");
            if (harmless(comparer)) {
                compatible++;
                com.networknt.schema.Schema reader = registry.getSchema(old);
                com.networknt.schema.Schema writer = registry.getSchema(next);
                for (int j = 0; j < VALUES; j++) {
                    JsonNode value = random.valueFor(random.schemaOf(next, old), DEPTH);
                    if (writer.validate(value).isEmpty()) {
                        assertThat(reader.validate(value))
                                .as("old %s, next %s, value %s", Json.write(old), Json.write(next), Json.write(value))
                                .isEmpty();
                    }
                }
            }
        }
        assertThat(compatible).isGreaterThan(SCHEMAS / 2);
    }

    @Test
    void everySchemaIsCompatibleWithItselfAndSurvivesStorage() {
        RandomSchemas random = new RandomSchemas(4);
        for (int i = 0; i < SCHEMAS; i++) {
            Signature signature = Signature.of(
                    Optional.of(random.schema(DEPTH)),
                    Optional.of(random.schema(DEPTH)),
                    OptionalInt.empty(),
                    List.of(),
                    Optional.empty());
            Signature stored = Signature.fromJson(Json.parse(Json.write(signature.toJson()), "signature"));
            assertThat(stored).isEqualTo(signature);
            Comparison comparison = Compatibility.compare(signature, stored);
            assertThat(comparison.findings()).isEmpty();
            assertThat(comparison.verdict()).isEqualTo(ChangeImpact.COMPATIBLE);
        }
    }

    private static boolean harmless(SchemaComparer comparer) {
        return comparer.findings().stream().allMatch(finding -> finding.verdict() == ChangeImpact.COMPATIBLE);
    }

    private static Schema read(JsonNode schema, SchemaSide role) {
        return SchemaReader.read(schema, role);
    }
}
