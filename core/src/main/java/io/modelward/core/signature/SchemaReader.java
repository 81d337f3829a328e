package io.modelward.core.signature;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.CanonicalJson;
import io.modelward.core.json.Json;
import io.modelward.core.json.JsonKind;
import io.modelward.core.json.JsonPath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeType;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads JSON Schema (2020-12, and the tuples of earlier drafts) into a {@link Schema}. Two things are read as people
 * mean them, not as the specification has it: a schema without {@code type} that uses the keywords of one type is of
 * that type, and an input object that does not mention {@code additionalProperties} has none, so that a misspelt column
 * is refused.
 */
public final class SchemaReader {

    private static final int MOST_SCHEMAS = 10_000;
    private static final int DEEPEST = 100;
    private static final int MOST_ALTERNATIVES = 256;

    private final JsonNode root;
    private final SchemaSide role;
    private final boolean stored;
    private final TypeReader types = new TypeReader(this);
    private final Set<String> following = new HashSet<>();
    private int schemas;
    private int depth;
    private @Nullable Digest document;

    private SchemaReader(JsonNode root, SchemaSide role, boolean stored) {
        this.root = root;
        this.role = role;
        this.stored = stored;
    }

    /**
     * Reads a whole schema; one that is malformed is refused with the path of what is wrong, from {@code input_schema}
     * or {@code output_schema}.
     */
    public static Schema read(JsonNode schema, SchemaSide role) {
        return new SchemaReader(schema, role, false).schema(schema, role.field());
    }

    /** Reads what {@link SchemaWriter} wrote. */
    static Schema readStored(JsonNode schema, SchemaSide role) {
        return new SchemaReader(schema, role, true).schema(schema, role.field());
    }

    SchemaSide role() {
        return role;
    }

    Schema schema(JsonNode node, String path) {
        if (depth == DEEPEST) {
            throw refused(role.field(), "The schema nests deeper than " + DEEPEST + " when references are followed.");
        }
        depth++;
        Schema schema = read(node, path);
        depth--;
        return schema;
    }

    private Schema read(JsonNode node, String path) {
        if (++schemas > MOST_SCHEMAS) {
            throw refused(
                    role.field(), "The schema has more than " + MOST_SCHEMAS + " parts when references are followed.");
        }
        if (node.isBoolean()) {
            return node.booleanValue() ? Schema.ANY : Schema.NOTHING;
        }
        if (!node.isObject()) {
            throw refused(path, "A schema is an object, true or false, not " + JsonKind.of(node) + ".");
        }
        if (stored && node.has(SchemaWriter.NOT_UNDERSTOOD)) {
            return SchemaWriter.restore(node, known -> schema(known, path));
        }
        Schema known = choice(node, path, combined(node, path, types.read(node, path)));
        for (String keyword : Keywords.NOT_UNDERSTOOD) {
            if (node.has(keyword)) {
                return unknown(keyword, known, node);
            }
        }
        return known;
    }

    /** With {@code $ref}, {@code anyOf}, {@code oneOf} or {@code allOf}, when one of them says all. */
    private Schema combined(JsonNode node, String path, Schema own) {
        List<String> used =
                new ArrayList<>(Keywords.COMBINERS.stream().filter(node::has).toList());
        Schema result = own;
        for (String combiner : used) {
            String where = JsonPath.member(path, combiner);
            result = combine(combiner, parts(node.path(combiner), where), node, where);
        }
        if (node.has("$ref")) {
            used.add("$ref");
            result = reference(node, JsonPath.member(path, "$ref"));
        }
        boolean understood = used.isEmpty() || (used.size() == 1 && own.equals(Schema.ANY));
        return understood ? result : unknown(used.getFirst(), own, node);
    }

    private List<Schema> parts(JsonNode nodes, String path) {
        if (!nodes.isArray() || nodes.isEmpty()) {
            throw refused(path, "It must be an array of schemas with one at least.");
        }
        List<Schema> parts = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            parts.add(schema(nodes.get(i), JsonPath.item(path, i)));
        }
        return parts;
    }

    private static Schema alternatives(List<Schema> parts, String path) {
        Schema schema = Schemas.union(parts);
        if (schema instanceof Schema.Union(List<Schema> of) && of.size() > MOST_ALTERNATIVES) {
            throw refused(path, "There are more than " + MOST_ALTERNATIVES + " alternatives.");
        }
        return schema;
    }

    private Schema combine(String combiner, List<Schema> parts, JsonNode node, String path) {
        return switch (combiner) {
            case "anyOf" -> alternatives(parts, path);
            case "oneOf" ->
                disjoint(parts) ? alternatives(parts, path) : unknown(combiner, alternatives(parts, path), node);
            default -> parts.size() == 1 ? parts.getFirst() : unknown(combiner, parts.getFirst(), node);
        };
    }

    /** Whether no value can be of two of these, so that {@code oneOf} means {@code anyOf}. */
    private static boolean disjoint(List<Schema> parts) {
        Set<Member> values = new HashSet<>();
        Set<JsonNodeType> types = EnumSet.noneOf(JsonNodeType.class);
        for (Schema part : parts) {
            boolean apart = part instanceof Schema.Choice choice
                    ? choice.members().stream().allMatch(values::add)
                    : Schemas.types(part).stream().allMatch(types::add);
            if (!apart) {
                return false;
            }
        }
        return values.stream().noneMatch(member -> types.contains(member.value().getNodeType()));
    }

    private Schema reference(JsonNode node, String path) {
        String target = node.path("$ref").stringValue("");
        if (!target.startsWith("#")) {
            return unknown("$ref", Schema.ANY, node);
        }
        JsonNode found = References.find(root, target);
        if (found.isMissingNode()) {
            throw refused(path, "The schema has nothing at " + Quoted.of(target) + ".");
        }
        if (!following.add(target)) {
            return unknown("$ref", Schema.ANY, node);
        }
        Schema schema = schema(found, path);
        following.remove(target);
        return schema;
    }

    private Schema choice(JsonNode node, String path, Schema known) {
        if (node.has("const")) {
            return among(List.of(node.path("const")), known);
        }
        if (!node.has("enum")) {
            return known;
        }
        JsonNode values = node.path("enum");
        if (!values.isArray() || values.isEmpty()) {
            throw refused(
                    JsonPath.member(path, "enum"), "It must be an array of the allowed values, with one at least.");
        }
        return among(values.valueStream().toList(), known);
    }

    private static Schema among(List<JsonNode> values, Schema known) {
        List<JsonNode> accepted = values.stream()
                .filter(value -> SchemaCheck.accepts(known, value))
                .toList();
        return switch (known) {
            case Schema.Unknown(String keyword, Schema part, JsonNode source) ->
                new Schema.Unknown(keyword, Schema.Choice.of(accepted), source);
            default -> accepted.isEmpty() ? Schema.NOTHING : Schema.Choice.of(accepted);
        };
    }

    /**
     * A schema with references means something else when what they lead to changes, so the whole document is part of
     * what it is.
     */
    private Schema unknown(String keyword, Schema known, JsonNode node) {
        JsonNode source = node.findValue("$ref") == null
                ? node
                : Json.object().put("document", document().toString()).set("schema", node);
        return new Schema.Unknown(keyword, known, source);
    }

    private Digest document() {
        Digest known = document;
        if (known == null) {
            known = Digest.of(canonical());
            document = known;
        }
        return known;
    }

    private byte[] canonical() {
        try {
            return CanonicalJson.bytes(root, role.field());
        } catch (ProblemException wrong) {
            throw refused(
                    wrong.problem().field().orElse(role.field()),
                    wrong.problem().detail());
        }
    }

    static ProblemException refused(String path, String detail) {
        return ProblemException.refused(path, detail);
    }

    /** Follows a {@code $ref} inside its own document: {@code #/$defs/row}. */
    private static final class References {

        private References() {}

        /** What the reference leads to, or the missing node. */
        static JsonNode find(JsonNode root, String reference) {
            try {
                String pointer = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
                return root.at(JsonPointer.compile(pointer));
            } catch (IllegalArgumentException notAPointer) {
                return MissingNode.getInstance();
            }
        }
    }
}
