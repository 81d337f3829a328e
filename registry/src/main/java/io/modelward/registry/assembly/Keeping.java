package io.modelward.registry.assembly;

import io.modelward.registry.blob.BlobIntake;
import io.modelward.registry.retention.RetentionParts;
import java.time.Duration;

/**
 * How long the registry keeps what nobody needs.
 *
 * @param window for how long a version that a rule deleted can be brought back
 * @param grace for how long a blob that nothing names is left alone
 */
public record Keeping(Duration window, Duration grace) {

    /** What holds when no setting says otherwise. */
    public static final Keeping DEFAULT = new Keeping(RetentionParts.UNDELETE_WINDOW, BlobIntake.YOUNG);
}
