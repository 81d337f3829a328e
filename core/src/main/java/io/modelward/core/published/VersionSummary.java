package io.modelward.core.published;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Encoded;
import io.modelward.core.version.HasVersionRef;
import io.modelward.core.version.VersionRef;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A published version in short.
 *
 * @param id of the version among all versions of the server
 * @param ref its model, under the name that the model has now, its number and its digest
 * @param ordinal 1, 2, 3 … per model, gap-free
 * @param size bytes of all files
 * @param shownCard the card, completed with what the server knew
 * @param deletedAt when it, or its model, was deleted; empty: it is there
 */
public record VersionSummary(
        long id,
        VersionRef ref,
        long ordinal,
        long size,
        Change published,
        Encoded<ObjectNode> shownCard,
        Optional<Instant> deletedAt)
        implements HasVersionRef {

    public boolean active() {
        return deletedAt.isEmpty();
    }
}
