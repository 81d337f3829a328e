package io.modelward.core.published;

import io.modelward.core.manifest.Manifest;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.Bump;
import io.modelward.core.version.VersionRef;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A published version. What it says of itself is read from its documents when it is first asked for, so that finding a
 * version costs no parsing; a document that is damaged is a problem for who asks for that document alone.
 */
public record PublishedVersion(VersionSummary summary, VersionDocuments documents) {

    public VersionRef ref() {
        return summary.ref();
    }

    /** Whether neither it nor its model was deleted. */
    public boolean active() {
        return summary.active();
    }

    public Manifest manifest() {
        return documents.manifest().value();
    }

    /** The card as sent; not to be changed. */
    public ObjectNode card() {
        return documents.card().value();
    }

    /** The card, completed with what the server knew; not to be changed. */
    public ObjectNode shownCard() {
        return summary.shownCard().value();
    }

    /** The core fields of the card that nobody knew. */
    public List<String> missing() {
        return documents.missing().value();
    }

    public Signature signature() {
        return documents.signature().value();
    }

    /** The least bump from the version below that its signature allowed. */
    public Bump leastBump() {
        return documents.leastBump().value();
    }

    public List<String> warnings() {
        return documents.warnings().value();
    }
}
