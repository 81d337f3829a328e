package io.modelward.access.oidc;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The name of a claim, perhaps of a nested one: {@code groups}, {@code realm_access.roles}. A claim may itself have dots
 * in its name, as {@code kubernetes.io} in {@code kubernetes.io.namespace}; the longest name that is there is taken.
 */
record ClaimName(String name) {

    /** The claim's value; missing when there is none. */
    JsonNode in(JsonNode claims) {
        return find(claims, name);
    }

    /** The claim's texts: of an array its texts, of a text itself, of a number or truth value how it is written. */
    List<String> texts(JsonNode claims) {
        JsonNode value = in(claims);
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(element -> addText(texts, element));
        } else {
            addText(texts, value);
        }
        return texts;
    }

    private static void addText(List<String> texts, JsonNode value) {
        if (value.isString()) {
            texts.add(value.stringValue());
        } else if (value.isIntegralNumber() || value.isBoolean()) {
            texts.add(value.asString());
        }
    }

    private static JsonNode find(JsonNode object, String name) {
        if (!object.isObject()) {
            return MissingNode.getInstance();
        }
        JsonNode whole = object.path(name);
        if (!whole.isMissingNode()) {
            return whole;
        }
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            JsonNode outer = object.path(name.substring(0, dot));
            if (outer.isObject()) {
                return find(outer, name.substring(dot + 1));
            }
        }
        return MissingNode.getInstance();
    }
}
