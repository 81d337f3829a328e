package io.modelward.core.signature;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which words of JSON Schema belong together. Words that are in no set say nothing about what is accepted, and are left
 * out.
 */
final class Keywords {

    /** In the order in which a schema without {@code type} is taken to be of the types whose keywords it uses. */
    static final Map<String, Set<String>> OF_TYPE = Map.of(
            "number", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
            "string", Set.of("minLength", "maxLength", "pattern", "format"),
            "array", Set.of("items", "prefixItems", "minItems", "maxItems"),
            "object", Set.of("properties", "required", "additionalProperties"));

    static final List<String> TYPES = List.of("number", "integer", "string", "boolean", "null", "array", "object");

    static final List<String> COMBINERS = List.of("anyOf", "oneOf", "allOf");

    /** They restrict what is accepted in ways that this program does not follow. */
    static final List<String> NOT_UNDERSTOOD = List.of(
            "not",
            "if",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "contains",
            "uniqueItems",
            "unevaluatedItems",
            "unevaluatedProperties",
            "$dynamicRef",
            "$recursiveRef");

    private Keywords() {}
}
