package io.modelward.core.card;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.card.Card.Completed;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CardTest {

    static final String IRIS = """
            {
              "name": "iris-classifier",
              "version": "1.2.0",
              "description": "Classifies iris flowers by their measurements.",
              "created_at": "2026-01-20T10:30:00Z",
              "updated_at": "2026-01-21T10:30:00.123+01:00",
              "author": "ml-team",
              "framework": "scikit-learn",
              "algorithm": "RandomForestClassifier",
              "hyperparameters": {"n_estimators": 100, "max_depth": null},
              "training_data": {"source": "iris.csv", "samples": 150, "features": 4, "date_collected": "2025-12"},
              "performance": {"accuracy": 0.96, "f1": 1},
              "input_schema": {"type": "array", "items": {"type": "number"}},
              "output_schema": {
                "type": "object",
                "properties": {
                  "prediction": {"type": "integer", "enum": [0, 1, 2]},
                  "probabilities": {"type": "array", "items": {"type": "number"}}
                }
              },
              "limitations": ["Only three species."],
              "license": "MIT"
            }""";

    @Test
    void theIrisCardIsRead() {
        Card card = Card.parse(json(IRIS));
        assertThat(card.title()).contains("iris-classifier");
        assertThat(card.version()).contains(SemVer.of(1, 2, 0));
        assertThat(card.inputSchema()).contains(json(IRIS).path("input_schema"));
        assertThat(card.outputSchema()).contains(json(IRIS).path("output_schema"));
        assertThat(card.get("license")).contains(json("\"MIT\""));
        assertThat(card.get("nothing")).isEmpty();
        assertThat(card.asSent()).isEqualTo(json(IRIS));
        assertThat(card.complete(Map.of()).missing()).isEmpty();
    }

    @Test
    void anEmptyCardIsACard() {
        Card card = Card.parse(json("{}"));
        assertThat(card.digest().hex()).isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assertThat(card.title()).isEmpty();
        assertThat(card.version()).isEmpty();
        assertThat(card.inputSchema()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name": 1}                                     | name
            {"version": "1.2"}                              | version
            {"version": 1.2}                                | version
            {"version": "v1.2.0"}                           | version
            {"description": ["a"]}                          | description
            {"created_at": "2026-01-20"}                    | created_at
            {"created_at": "2026-01-20 10:30:00Z"}          | created_at
            {"created_at": "2026-01-20T10:30:00"}           | created_at
            {"created_at": "2026-02-30T10:30:00Z"}          | created_at
            {"created_at": "2026-01-20T25:30:00Z"}          | created_at
            {"updated_at": 1768905000}                      | updated_at
            {"author": {}}                                  | author
            {"framework": true}                             | framework
            {"algorithm": 7}                                | algorithm
            {"hyperparameters": []}                         | hyperparameters
            {"training_data": "iris.csv"}                   | training_data
            {"training_data": {"source": 1}}                | training_data.source
            {"training_data": {"samples": -1}}              | training_data.samples
            {"training_data": {"samples": 1.5}}             | training_data.samples
            {"training_data": {"samples": "150"}}           | training_data.samples
            {"training_data": {"samples": true}}            | training_data.samples
            {"training_data": {"features": 1e300}}          | training_data.features
            {"training_data": {"date_collected": 2025}}     | training_data.date_collected
            {"performance": 0.9}                            | performance
            {"performance": {"accuracy": "high"}}           | performance.accuracy
            {"performance": {"accuracy": null}}             | performance.accuracy
            {"performance": {"a": {"b": 1}}}                | performance.a
            {"input_schema": "array"}                       | input_schema
            {"input_schema": {"type": "list"}}              | input_schema.type
            {"input_schema": {"type": "array", "items": 1}} | input_schema.items
            {"output_schema": {"type": "object", "properties": {"p": {"minimum": "0"}}}} | output_schema.properties.p.minimum
            {"limitations": "none"}                         | limitations
            {"limitations": ["a", 2]}                       | limitations[1]
            {"hyperparameters": {"seed": 9007199254740993}} | hyperparameters.seed
            """)
    void aWrongTypeIsRefusedNamingTheField(String text, String field) {
        Problem problem = Problems.refused(field, () -> Card.parse(json(text)));
        assertThat(problem.detail()).contains(field);
    }

    @Test
    void allErrorsAreListed() {
        Problem problem = Problems.refused(
                "name", () -> Card.parse(json("{\"limitations\":[1,2],\"name\":1,\"performance\":{\"a\":\"x\"}}")));
        assertThat(problem.extra().get("errors"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                .extracting(error -> error.get("field"))
                .isEqualTo(List.of("name", "performance.a", "limitations[0]", "limitations[1]"));
        assertThat(problem.detail()).contains("3 more");
    }

    @Test
    void aHostileCardGetsAShortAnswer() {
        ObjectNode card = Json.object();
        ObjectNode performance = card.putObject("performance");
        for (int i = 0; i < 10_000; i++) {
            performance.put("metric" + "x".repeat(50) + i, "secret");
        }
        Problem problem = Problems.refused("performance.metric" + "x".repeat(50) + "0", () -> Card.parse(card));
        assertThat((List<?>) problem.extra().get("errors")).hasSize(100);
        assertThat(problem.toString()).doesNotContain("secret");
    }

    @Test
    void theCanonicalFormHasAMebibyteAtMost() {
        int around = "{\"a\":\"\"}".length();
        Card.parse(Json.object().put("a", "x".repeat(Card.LARGEST - around)));
        Problems.refused("card", () -> Card.parse(Json.object().put("a", "x".repeat(Card.LARGEST - around + 1))));
    }

    @Test
    void onlyAnObjectIsACard() {
        Problems.refused("card", () -> Card.parse(json("[]")));
        Problems.refused("card", () -> Card.parse(json("null")));
    }

    @Test
    void aCardOfAnotherVersionIsRefused() {
        Card card = Card.parse(json(IRIS));
        card.requireVersion(SemVer.of(1, 2, 0));
        Problems.refused("version", () -> card.requireVersion(SemVer.of(1, 2, 1)));
        Problems.refused("version", () -> card.requireVersion(SemVer.parse("1.2.0-rc.1")));
        Card.parse(json("{}")).requireVersion(SemVer.of(9, 9, 9));
    }

    @Test
    void whatIsKnownIsFilledInAndTheRestReported() {
        Card card =
                Card.parse(json("{\"name\":\"x\",\"author\":null,\"training_data\":{\"source\":\"s\"},\"more\":1}"));
        Completed completed = card.complete(Map.of(
                "name", json("\"not this\""),
                "author", json("\"me\""),
                "version", json("\"1.0.0\""),
                "training_data.features", json("4"),
                "training_data", json("{\"samples\":150,\"source\":\"not this\"}"),
                "framework", json("null"),
                "unrelated", json("1")));
        assertThat(completed.shown())
                .isEqualTo(json("{\"name\":\"x\",\"author\":\"me\",\"training_data\":{\"source\":\"s\",\"samples\":150,"
                        + "\"features\":4},\"more\":1,\"version\":\"1.0.0\"}"));
        assertThat(completed.filled())
                .containsExactly("version", "author", "training_data.samples", "training_data.features");
        assertThat(completed.missing())
                .containsExactly(
                        "description",
                        "created_at",
                        "updated_at",
                        "framework",
                        "algorithm",
                        "hyperparameters",
                        "training_data.date_collected",
                        "performance",
                        "input_schema",
                        "output_schema",
                        "limitations");
        assertThat(card.asSent().has("version")).isFalse();
    }

    @Test
    void itsDigestIsThatOfTheCanonicalForm() {
        Card one = Card.parse(json("{\"a\":1,\"b\":2.0}"));
        Card other = Card.parse(json("{ \"b\":2, \"a\":1.0 }"));
        assertThat(one).isEqualTo(other);
        assertThat(one.digest()).isEqualTo(other.digest());
        assertThat(new String(one.canonical(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":1,\"b\":2}");
    }

    @Test
    void cannotBeChangedFromOutside() {
        ObjectNode sent = Json.object().put("a", 1);
        Card card = Card.parse(sent);
        sent.put("a", 2);
        card.asSent().put("a", 3);
        assertThat(card.asSent()).isEqualTo(json("{\"a\":1}"));
    }

    private static JsonNode json(String text) {
        return Json.parse(text, "card");
    }
}
