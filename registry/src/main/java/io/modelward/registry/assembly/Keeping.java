package io.modelward.registry.assembly;

import io.modelward.registry.blob.BlobIntake;
import io.modelward.registry.retention.LeftoverRules;
import io.modelward.registry.retention.RetentionParts;
import java.time.Duration;

/**
 * How long the registry keeps what nobody needs.
 *
 * @param window for how long a version that a rule deleted can be brought back
 * @param grace for how long a blob that nothing names is left alone
 * @param leftovers for how long what is no version is kept
 */
public record Keeping(Duration window, Duration grace, LeftoverRules leftovers) {

    /** What holds when no setting says otherwise. */
    public static final Keeping DEFAULT =
            new Keeping(RetentionParts.UNDELETE_WINDOW, BlobIntake.YOUNG, LeftoverRules.NONE);

    /** As above, where all is kept that is no version. */
    public Keeping(Duration window, Duration grace) {
        this(window, grace, LeftoverRules.NONE);
    }
}
