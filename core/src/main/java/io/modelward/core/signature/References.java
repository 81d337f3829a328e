package io.modelward.core.signature;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Follows a {@code $ref} inside its own document: {@code #/$defs/row}. */
final class References {

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
