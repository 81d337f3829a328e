package io.modelward.core.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML that others wrote, event by event: no tag makes an object and no alias a copy, so a small file stays
 * small. An alias is read as the name of its anchor. Every scalar is the text as written, except null: YAML's ideas of
 * what looks like a number or a date differ from one reader to the next, and a run id such as {@code 12e4…} is none.
 */
final class YamlTree {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LONGEST = 4 << 20;
    /** Of all kinds. MLflow's own readers take a second for so many; what MLflow writes has some hundreds. */
    private static final int MOST_NODES = 50_000;
    /** Anchors and aliases. MLflow's writers make some where one value stands twice. */
    private static final int MOST_ANCHORS = 1000;

    private static final YAMLFactory FACTORY = YAMLFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.DEEPEST)
                    .maxDocumentLength(LONGEST)
                    .build())
            .loadSettings(LoadSettings.builder().setCodePointLimit(LONGEST).build())
            .build();

    private final JsonParser parser;
    private final String field;
    private int nodes;
    private int anchors;

    private YamlTree(JsonParser parser, String field) {
        this.parser = parser;
        this.field = field;
    }

    /** The first document; a ProblemException REFUSED under {@code field} when it is no YAML or holds a key twice. */
    static JsonNode read(String text, String field) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            YamlTree tree = new YamlTree(parser, field);
            JsonToken first = parser.nextToken();
            return first == null ? NODES.nullNode() : tree.value(first);
        } catch (JacksonException malformed) {
            String where = malformed.getLocation() == null
                    ? ""
                    : " (line " + malformed.getLocation().getLineNr() + ")";
            throw ProblemException.refused(field, field + " is not valid YAML" + where + ".");
        }
    }

    private JsonNode value(JsonToken token) {
        count();
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.stringNode(parser.getString());
        };
    }

    /** A small file can be dear to read, for us and for whoever loads the model after us. */
    private void count() {
        if (++nodes > MOST_NODES) {
            throw ProblemException.refused(
                    field,
                    field + " has at most " + MOST_NODES + " keys and values. Leave out what loading does not need.");
        }
        boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
        if ((alias || parser.getObjectId() != null) && ++anchors > MOST_ANCHORS) {
            throw ProblemException.refused(
                    field, field + " has at most " + MOST_ANCHORS + " anchors and aliases. Write the values out.");
        }
    }

    private ObjectNode object() {
        ObjectNode node = NODES.objectNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            count();
            String key = parser.currentName();
            JsonToken inside = parser.nextToken();
            if (token == null || key == null || inside == null) {
                throw ProblemException.refused(field, field + " ends too early.");
            }
            if (node.has(key)) {
                throw ProblemException.refused(field, field + " has a key twice.");
            }
            node.set(key, value(inside));
        }
        return node;
    }

    private ArrayNode array() {
        ArrayNode node = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw ProblemException.refused(field, field + " ends too early.");
            }
            node.add(value(token));
        }
        return node;
    }
}
