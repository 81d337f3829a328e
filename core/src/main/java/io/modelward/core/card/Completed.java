package io.modelward.core.card;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A card as it is shown.
 *
 * @param shown what was sent and what the server knows besides
 * @param filled the core fields that the server filled in
 * @param missing the core fields that nobody knows
 */
public record Completed(ObjectNode shown, List<String> filled, List<String> missing) {

    public Completed {
        filled = List.copyOf(filled);
        missing = List.copyOf(missing);
    }
}
