package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProbeRowsTest {

    private static Signature signature(String row) {
        return Signature.of(
                Optional.of(Json.parse(row, "row")),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
    }

    @Test
    void rows_are_taken_by_the_signature_differ_and_are_the_same_each_time() {
        Signature flowers = signature("""
                {"type":"object","properties":{"length":{"type":"number","minimum":0},"petals":{"type":"integer"},
                "colour":{"enum":["red","blue"]},"wild":{"type":"boolean"},"note":{"type":"string"}},
                "required":["length","petals","colour","wild"],"additionalProperties":false}""");
        List<JsonNode> sample = List.of(
                Json.parse("{\"length\":1.5,\"petals\":5,\"colour\":\"red\",\"wild\":true,\"note\":\"x\"}", "row"),
                Json.parse("{\"length\":4.5,\"petals\":8,\"colour\":\"blue\",\"wild\":false}", "row"));
        List<JsonNode> rows = ProbeRows.of(flowers, sample, 200, 1);
        assertThat(rows).hasSize(200);
        RowCheck check = RowCheck.of(flowers);
        rows.forEach(row -> check.check(row, 0));
        assertThat(rows.stream().map(row -> row.path("length").doubleValue()).distinct())
                .hasSizeGreaterThan(100)
                .allMatch(length -> length >= 0 && length < 14)
                .anyMatch(length -> length > 8);
        assertThat(rows.stream().map(row -> row.path("colour").stringValue()).distinct())
                .containsExactlyInAnyOrder("red", "blue");
        assertThat(rows).allMatch(row -> row.path("petals").isIntegralNumber());
        assertThat(ProbeRows.of(flowers, sample, 200, 1)).isEqualTo(rows);
        assertThat(ProbeRows.of(flowers, sample, 200, 2)).isNotEqualTo(rows);
    }

    @Test
    void a_large_sample_is_looked_at_once_and_not_for_each_row() {
        StringBuilder row = new StringBuilder("[0");
        for (int column = 1; column < 30; column++) {
            row.append(',').append(column);
        }
        Signature wide =
                signature("{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":30,\"maxItems\":30}");
        List<JsonNode> sample =
                Collections.nCopies(100_000, Json.parse(row.append(']').toString(), "row"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(ProbeRows.of(wide, sample, 200, 1)).hasSize(200));
    }

    @Test
    void without_a_sample_rows_are_made_from_the_plainest_one_and_of_nothing_there_are_none() {
        Signature numbers =
                signature("{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4,\"maxItems\":4}");
        List<JsonNode> rows = ProbeRows.of(numbers, List.of(), 50, 1);
        assertThat(rows).hasSize(50).doesNotHaveDuplicates();
        assertThat(ProbeRows.of(Signature.unknown(), List.of(), 50, 1)).isEmpty();
    }
}
