package io.modelward.registry.publish;

import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A request to publish a draft as a version.
 *
 * @param card as sent
 * @param overrideReason why findings that the server cannot decide may pass; empty when they may not
 */
public record PublishRequest(Number number, JsonNode card, String reason, String overrideReason) {

    /** The same request, where it leaves the number to the server, with this bump. */
    PublishRequest withBump(Bump bump) {
        return number instanceof Number.Next
                ? new PublishRequest(new Number.Next(Optional.of(bump)), card, reason, overrideReason)
                : this;
    }

    /** How the version's number is chosen. */
    public sealed interface Number {

        /** The number that the caller names. */
        record Exact(SemVer version) implements Number {}

        /** The next after the highest release; empty: the least that the rule allows, and MINOR at least. */
        record Next(Optional<Bump> bump) implements Number {}

        /** The number that the card names. */
        record OfCard() implements Number {}
    }
}
